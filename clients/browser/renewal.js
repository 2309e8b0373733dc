import { backoff } from './backoff.js';
import { OVER, call, tokensIn } from './call.js';
import { AuthError } from './errors.js';
/**
 * @import { AuthOptions, RefreshResult, Session, TokenRequest } from './types.js'
 * @import { SessionHere } from './session.js'
 * @import { Send } from './call.js'
 * @import { Listeners } from './events.js'
 */

const QUICK_RETRY_MS = 200;
/** For how long a token is new: who asks for a newer one then, without saying which was refused, goes round. */
const NEW_MS = 1_000;
/** What asks to ask again is our own server: it means a moment. */
const LONGEST_MOMENT_MS = 10_000;

/**
 * Exchanges the refresh token: one exchange for any number of callers and tabs.
 * @param {SessionHere} session @param {AuthOptions} options @param {Send} send @param {URL} base @param {Listeners} listeners
 */
export function openRenewal(session, options, send, base, listeners) {
  const { now } = session;
  /** @type {Promise<RefreshResult> | null} */
  let pending = null;
  /** @type {AuthError | undefined} */
  let cause;

  /** @param {RefreshResult['status']} status @returns {RefreshResult} */
  const resultOf = (status) => ({ status: session.signedIn ? status : 'signed-out', cause });

  /**
   * Under the lock: takes a newer token from another tab, or else asks the server.
   * @param {Session | undefined} stale what was to be renewed, before we waited for the lock
   * @returns {Promise<'refreshed' | 'already-newer'>}
   */
  const step = async (stale) => {
    const stored = await session.stored();
    if (!stored) await session.look();
    else if (stored.exp > now() && !session.has(stored)) await session.ask(stored);
    if (!stored || session.held !== stale) return 'already-newer';

    const answer = await call(send, new URL('refresh', base), {
      body: { refresh_token: stored.refreshToken },
      timeout: options.refreshTimeout,
      // The exchange outlives the page. Without keepalive, leaving in mid-refresh may drop the answer, and the new cookie with it.
      init: { keepalive: true, headers: { 'Symbolon-Attempt': session.attemptFor(stored) } },
    }).then(tokensIn).catch((/** @type {AuthError} */ error) => error);
    // Meanwhile somebody may have signed out, or in as someone else, or another tab may have been quicker.
    const current = await session.stored();
    if (session.held !== stale || current?.sid !== stored.sid) return 'already-newer';
    if (answer instanceof Error) {
      if (!OVER.test(answer.code)) throw answer;
      session.end(answer.problem?.reason ?? answer.code, true);
    } else if (stored.sid !== answer.session_id) {
      session.end('replaced', true);
    } else {
      await session.keep(answer, session.failures ? 'retry' : 'self', current);
    }
    return 'refreshed';
  };

  /** Waiters are answered first, then the lock is released, then listeners are told. */
  const run = () => new Promise((/** @type {(result: RefreshResult) => void} */ resolve) => {
    const stale = session.held;
    cause = undefined;
    const round = (/** @type {boolean} */ again) => session.lock(async () => {
      /** @type {RefreshResult['status']} */
      let status = 'kept';
      try {
        status = await step(stale);
      } catch (thrown) {
        cause = thrown instanceof AuthError ? thrown : new AuthError('storage', { cause: thrown });
        const { code, retryAfterMs } = cause;
        // Another tab was quicker, or the line was cut: worth one more look before anybody is told.
        if (!again && /ask_again|network/.test(code)) {
          session.pause(Math.min(retryAfterMs ?? 0, LONGEST_MOMENT_MS) || QUICK_RETRY_MS * Math.random()).then(() => round(true));
          return;
        }
        // The session is kept, and an access token that is still valid goes on being used. When the first refresh fails, the marker is all there is to go by.
        session.signedIn ??= true;
        const attempt = ++session.failures;
        const nextRetryMs = backoff(attempt, options.backoff, retryAfterMs);
        session.notBefore = now() + nextRetryMs;
        listeners.note('refresh-failed', { attempt, nextRetryMs, cause });
        session.setOffline(/network|timeout/.test(code));
      }
      pending = null;
      resolve(resultOf(status));
    }).then(session.publish);
    round(false);
  });

  const renewal = {
    renew: () => (pending ??= run()),
    /** A refresh that failed is owed: it is tried again after the pause, also when the access token is still good for long. */
    dueAt: () => (!session.signedIn ? Infinity : session.failures ? session.notBefore : session.held?.renewAt ?? 0),
    /** After a sleep, or when the network is back. @param {boolean} jumped  the clock did: then no deadline can be trusted @param {string} [type]  of the event */
    wake(jumped, type) {
      if (jumped && session.held) session.held.renewAt = session.hopeless = 0;
      // Not whenever the page gets the focus: that says nothing new of the server.
      if (jumped || (!cause?.retryAfterMs && type === 'online')) session.notBefore = 0;
    },

    /** What asks the server, unless it is to be left alone for now. */
    async attempt() {
      // A listener that asks for a refresh each time it hears of one would go round for ever.
      if (listeners.telling === 'refreshed' || session.signedIn === false) return resultOf('already-newer');
      return !pending && now() < session.notBefore ? resultOf('kept') : renewal.renew();
    },

    /** @param {{ ifToken?: string }} [options] @returns {Promise<RefreshResult>} */
    async refresh({ ifToken } = {}) {
      // So would one that asks a moment later.
      if (ifToken ? ifToken !== session.token : Math.abs(now() - session.renewedAt) < NEW_MS) return resultOf('already-newer');
      return ifToken && now() < session.hopeless ? resultOf('kept') : renewal.attempt();
    },

    /** @param {TokenRequest} [options] @returns {Promise<string | null>} */
    async token({ minTtl = 0, force, signal } = {}) {
      if (session.signedIn !== false && (force || !session.isValid(minTtl * 1000))) await abortable(renewal.attempt(), signal);
      else if (renewal.dueAt() <= now()) renewal.attempt();
      if (!session.signedIn) return null;
      if (session.held && now() < session.held.expiresAt) return session.token;
      throw cause ?? new AuthError('unavailable');
    },
  };
  return renewal;
}

/** @template T @param {Promise<T>} promise @param {AbortSignal} [signal] @returns {Promise<T>} */
export const abortable = (promise, signal) => new Promise((resolve, reject) => {
  const abort = () => reject(signal?.reason);
  signal?.addEventListener('abort', abort);
  promise.then(resolve, reject).finally(() => signal?.removeEventListener('abort', abort));
  if (signal?.aborted) abort();
});
