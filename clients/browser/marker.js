/** @import { TokenStore, StoredSession } from './types.js' @import { Area } from './storage.js' */

/**
 * The session that this browser (or, in token mode, this store) holds: `{sid, generation, exp}` and, in token mode only, the
 * refresh token. With the cookie it is no secret: it says that somebody is signed in, so that a first visit asks the server
 * nothing, and which of two answers is the newer one. A sign-out leaves its reason in its place, for tabs that were not told.
 * @param {Area} area @param {string} key @returns {TokenStore}
 */
export const openMarker = (area, key) => ({
  load: () => area.read(key),
  save: (session) => area.write(key, session),
  clear: (reason) => area.write(key, { reason }),
});
