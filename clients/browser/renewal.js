import { attemptFor } from './attempt.js';
import { backoff } from './backoff.js';
import { OVER, call, tokensIn } from './call.js';
import { AuthError } from './errors.js';
/**
 * @import { AuthOptions, RefreshResult, StoredSession, TokenRequest } from './types.js'
 * @import { SessionHere } from './session.js'
 * @import { Send } from './call.js'
 * @import { Listeners } from './events.js'
 */

const QUICK_RETRY_MS = 400;

/** @type {RefreshResult} */
const NEWER = { status: 'already-newer' };
/** @type {RefreshResult} */
const OUT = { status: 'signed-out' };

/**
 * Exchanges the refresh token: one exchange for any number of callers and tabs.
 * @param {SessionHere} session @param {AuthOptions} options @param {Send} send @param {URL} base @param {Listeners} listeners
 */
export function openRenewal(session, options, send, base, listeners) {
  const { marker, now } = session;
  /** @type {Promise<RefreshResult> | null} */
  let pending = null;
  /** @type {AuthError | undefined} */
  let cause;
  let toldToWait = false;

  /** The session is kept, and an access token that is still valid goes on being used. @param {AuthError} error @returns {RefreshResult} */
  const keepFor = (error) => {
    cause = error;
    toldToWait = !!error.retryAfterMs;
    const nextRetryMs = backoff(++session.failures, options.backoff, error.retryAfterMs);
    session.notBefore = now() + nextRetryMs;
    listeners.note('refresh-failed', { attempt: session.failures, nextRetryMs, cause });
    options.log?.warn?.('refresh failed', { code: error.code, attempt: session.failures, nextRetryMs });
    session.setOffline(error.code === 'network' || error.code === 'timeout');
    return { status: 'kept', cause };
  };

  /**
   * Under the lock: takes a newer token from another tab, or else asks the server.
   * @param {unknown} stale what was to be renewed, before we waited for the lock
   * @param {boolean} last
   * @returns {Promise<RefreshResult | number>} ms after which to look once more
   */
  const step = async (stale, last) => {
    const isSettled = () => (session.signedIn === false ? OUT : session.held !== stale && NEWER);
    const stored = await marker.load();
    if (!stored && !session.mayProbe()) session.end(session.signedIn ? marker.why?.() ?? 'logout' : undefined, false);
    if (isSettled()) return isSettled() || NEWER;
    if (stored && stored.exp > now() && !(session.held?.sid === stored.sid && session.held.generation >= stored.generation)) await session.ask(stored);
    if (isSettled()) return isSettled() || NEWER;

    const { ends } = session;
    try {
      const answer = tokensIn(await call(send, new URL('refresh', base), {
        body: { refresh_token: stored?.refreshToken },
        timeout: options.refreshTimeout,
        // The exchange outlives the page. Without keepalive, leaving in mid-refresh may drop the answer, and the new cookie with it.
        init: { keepalive: true, headers: { 'Symbolon-Attempt': attemptFor(session.area, session.attemptKey, stored) } },
      }));
      if (!answer) throw new AuthError('not_symbolon');
      // Somebody may have signed out meanwhile, or in as someone else.
      const current = await marker.load();
      if (ends !== session.ends || current?.sid !== stored?.sid) return isSettled() || NEWER;
      if (stored && stored.sid !== answer.session_id) {
        session.end('replaced');
        return OUT;
      }
      await session.keep(answer, last || session.failures ? 'retry' : 'self', current);
      return { status: 'refreshed' };
    } catch (thrown) {
      const error = thrown instanceof AuthError ? thrown : new AuthError('storage', { cause: thrown });
      if (OVER.test(error.code)) {
        const current = await marker.load();
        if (ends === session.ends && current?.sid === stored?.sid) session.end(stored ? error.problem?.reason ?? error.code : undefined);
        return isSettled() || NEWER;
      }
      if (!last && error.code === 'ask_again') return error.retryAfterMs ?? 1_000;
      if (!last && error.code === 'network' && navigator.onLine !== false) return Math.random() * QUICK_RETRY_MS;
      return keepFor(error);
    }
  };

  /** Waiters are answered first, then the lock is released, then listeners are told. */
  const run = () => new Promise((/** @type {(result: RefreshResult) => void} */ resolve) => {
    const stale = session.held;
    const round = async (/** @type {boolean} */ last) => {
      const again = await session.lock(async () => {
        const result = await step(stale, last);
        if (typeof result === 'number') return result;
        pending = null;
        resolve(result);
      });
      if (again === undefined) session.publish();
      else setTimeout(round, again, true);
    };
    round(false);
  });

  const renew = () => (pending ??= run());

  const renewal = {
    renew,
    isDue: () => renewal.dueAt() <= now(),
    /** A refresh that failed is owed: it is tried again after the pause, also when the access token is still good for long. */
    dueAt: () => (!session.signedIn ? Infinity : session.failures ? session.notBefore : session.held?.doubt ? 0 : session.held?.renewAt ?? 0),
    /** After a sleep, or when the network is back. */
    wake() {
      if (!toldToWait) session.notBefore = 0;
    },

    /** @param {string} [ifToken] @returns {Promise<RefreshResult>} */
    async refresh(ifToken = session.held?.token) {
      // A listener that asks for a refresh each time it hears of one would go round for ever.
      if (ifToken !== session.held?.token || listeners.telling === 'refreshed') return NEWER;
      if (!session.signedIn) return OUT;
      if (!pending && now() < session.notBefore) return { status: 'kept', cause };
      return renew();
    },

    /** @param {TokenRequest} [options] @returns {Promise<string | null>} */
    async token({ minTtl = 0, force, signal } = {}) {
      const { held } = session;
      const left = held ? held.expiresAt - now() : 0;
      if (!session.signedIn) return null;
      if (!held || force || held.doubt || left <= Math.min(minTtl * 1000, (held.expiresAt - held.session.receivedAt) / 2)) {
        await abortable(renewal.refresh(held?.token), signal);
      } else if (renewal.isDue()) {
        renewal.refresh();
      }
      if (!session.signedIn) return null;
      if (session.held && now() < session.held.expiresAt) return session.held.token;
      throw cause ?? new AuthError('unavailable');
    },
  };
  return renewal;
}

/** @template T @param {Promise<T>} promise @param {AbortSignal} [signal] @returns {Promise<T>} */
export const abortable = (promise, signal) => new Promise((resolve, reject) => {
  const abort = () => reject(signal?.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  promise.then(resolve, reject).finally(() => signal?.removeEventListener('abort', abort));
});
