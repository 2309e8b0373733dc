import { send, Unreachable } from './api.js';
import { attempt } from './storage.js';

/** The only codes that end a session. Whatever else goes wrong is temporary, and the session is kept. */
const SESSION_IS_OVER = new Set(['refresh_invalid', 'session_ended', 'session_expired', 'refresh_reuse']);
const ASK_AGAIN_AFTER_MS = 1_000;

/**
 * @typedef {{ kind: "renewed", reply: import('./api.js').Reply }
 *   | { kind: "over", reason: string }
 *   | { kind: "ask-again", retryAfterMs: number }
 *   | { kind: "temporary", retryAfterMs: number | null }} RefreshOutcome
 */

/**
 * Exchanges the refresh token in the cookie for a new one and a new access token.
 * @param {import('./storage.js').Marker} token  the refresh token that is presented
 * @returns {Promise<RefreshOutcome>} never throws
 */
export async function exchange(token) {
  try {
    return decide(await send('POST', 'auth/refresh', {
      // An empty object, since the token is in the cookie; JSON, since another origin's form cannot send that.
      body: {},
      headers: { 'Symbolon-Attempt': attempt.for(token) },
      // The exchange outlives the page. Without this, leaving in mid-refresh may drop the answer, and the new cookie with it.
      keepalive: true,
    }));
  } catch (error) {
    if (error instanceof Unreachable) return { kind: 'temporary', retryAfterMs: null };
    throw error;
  }
}

/** @param {import('./api.js').Reply} reply @returns {RefreshOutcome} */
function decide(reply) {
  if (reply.status === 200 && reply.body?.access_token) return { kind: 'renewed', reply };
  const code = reply.problem?.code;
  if (SESSION_IS_OVER.has(code)) return { kind: 'over', reason: reply.problem.reason ?? code };
  if (code === 'ask_again') return { kind: 'ask-again', retryAfterMs: reply.retryAfterMs ?? ASK_AGAIN_AFTER_MS };
  // 429, 5xx, a proxy's 401, a captive portal's 200 in HTML: nothing that our server says about our session.
  return { kind: 'temporary', retryAfterMs: reply.retryAfterMs };
}
