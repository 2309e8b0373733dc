import { call } from './call.js';
/** @import { SessionHere } from './session.js' @import { Send } from './call.js' */

/**
 * Ends this session at the server, and goes on trying on later visits if that cannot be reached now. To the user, signing out
 * is done at once.
 * @param {SessionHere} session @param {Send} send @param {URL} base
 */
export function openSignOut(session, send, base) {
  const { secrets } = session;
  const key = `${session.name} out`;
  const forget = () => secrets.write(key, null);
  const post = async () => {
    const body = secrets.read(key);
    const error = body && (await call(send, new URL('logout', base), { body, init: { keepalive: true } }).catch((thrown) => thrown));
    if (!/network|timeout|unavailable/.test(error?.code)) forget();
  };
  return {
    /** @param {string} [reason] @param {Promise<unknown>} [instead] another request that ends it; if that fails, we come back to ours */
    async signOut(reason = 'logout', instead) {
      const loaded = session.marker.load();
      session.end(reason, true);
      session.publish();
      secrets.write(key, { refresh_token: (await loaded)?.refreshToken });
      // Not only when the lock is ours, for the page may be left before that; but who signs in next waits for the answer.
      const sent = instead ? instead.then(forget) : post();
      await session.lock(() => sent);
    },
    /** Repeats what the server has not confirmed. Somebody may have signed in while we waited for the lock, which has ended the old session as well. */
    finish: async () => secrets.read(key) && session.lock(post),
    /** With the cookie, a new session has replaced the old one. */
    forget: () => void (session.transport && forget()),
  };
}
