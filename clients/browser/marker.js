/** @import { TokenStore, StoredSession } from './types.js' @import { Area } from './storage.js' */

/**
 * The session that this browser (or, in token mode, this store) holds: `{sid, generation, exp}` and, in token mode only, the
 * refresh token. With the cookie it is no secret: it says that somebody is signed in, so that a first visit asks the server
 * nothing, and which of two answers is the newer one. What a sign-out leaves is its reason, for tabs that were not told.
 * @typedef {TokenStore & { why?: () => string | undefined }} Marker
 */

/** @param {Area} area @param {string} key @returns {Marker} */
export const openMarker = (area, key) => ({
  load: () => (area.read(key)?.sid ? area.read(key) : null),
  save: (/** @type {StoredSession} */ session) => area.write(key, session),
  clear: (reason) => area.write(key, { reason }),
  why: () => area.read(key)?.reason,
});
