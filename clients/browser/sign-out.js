import { call } from './call.js';
/** @import { SessionHere } from './session.js' @import { Send } from './call.js' */

/**
 * Ends this session at the server, and goes on trying on later visits if that cannot be reached now. To the user, signing out
 * is done at once.
 * @param {SessionHere} session @param {Send} send @param {URL} base
 */
export function openSignOut({ lock, marker, name, secrets, end, publish, inCookie }, send, base) {
  const key = `${name} out`;
  const post = async () => {
    const body = secrets.read(key);
    if (!body) return;
    try {
      await call(send, new URL('logout', base), { body, init: { keepalive: true } });
    } catch (/** @type {any} */ { code }) {
      if (/^(network|timeout|unavailable)$/.test(code)) return;
    }
    secrets.write(key, null);
  };
  return {
    /** @param {string} [reason] @param {Promise<unknown>} [instead] another request that ends it; if that fails, we come back to ours */
    async signOut(reason = 'logout', instead) {
      const loaded = marker.load();
      end(reason);
      publish();
      secrets.write(key, { refresh_token: (await loaded)?.refreshToken });
      // Not only when the lock is ours, for the page may be left before that; but who signs in next waits for the answer.
      const sent = instead ? instead.then(() => secrets.write(key, null)) : post();
      await lock(() => sent);
    },
    /** Repeats what the server has not confirmed. Somebody may have signed in while we waited for the lock, which has ended the old session as well. */
    finish: async () => secrets.read(key) && lock(post),
    /** With the cookie, a new session has replaced the old one. */
    forget: () => inCookie && secrets.write(key, null),
  };
}
