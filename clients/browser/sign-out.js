import { call } from './call.js';
/** @import { SessionHere } from './session.js' @import { StoredSession } from './types.js' @import { Send } from './call.js' */

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
    // Only an answer of ours says that it is over; a portal's page does not, nor a server that is busy.
    if (!error || (error.problem && error.status < 429)) forget();
  };
  return {
    /** @param {string} [reason] @param {(stored: StoredSession | null, token: string) => Promise<unknown>} [instead] another request that ends it, made under the lock; if that fails, ours is sent */
    async signOut(reason = 'logout', instead) {
      const { token } = session;
      const ending = session.ending();
      session.end(reason, true);
      session.publish();
      const noted = ending.then((stored) => {
        secrets.write(key, { refresh_token: stored?.refreshToken });
        return stored;
      });
      // Not only when the lock is ours, for the page may be left before that. The lock is asked for in this turn: who signs in next waits for the answer.
      const sent = !instead && noted.then(post);
      await session.lock(() => sent || noted.then((stored) => instead?.(stored, token)).then(forget).finally(post));
    },
    /** Repeats what the server has not confirmed. Somebody may have signed in while we waited for the lock, which has ended the old session as well. */
    finish: async () => secrets.read(key) && session.lock(post),
    forget,
  };
}
