import { AuthError } from './errors.js';
import { abortable } from './renewal.js';
/** @import { Inside } from './types.js' */

/** For how long nothing is renewed after a token was refused that was brand new: that has another reason, which no refresh would cure. */
export const HOPELESS_MS = 10_000;

/**
 * Whether a 401 means that our token was refused: it says so itself (RFC 6750), or it is one of our problem documents.
 * @param {Response} response
 */
async function saysRefused(response) {
  if (/\bbearer\b.*error="?invalid_token/i.test(response.headers.get('www-authenticate') ?? '')) return true;
  const body = await response.clone().json().catch(() => null);
  return /^urn:symbolon:(token|claims)_/.test(body?.type);
}

/**
 * Whether an answer is a 401 that means our token. From elsewhere, after a redirect, it does not.
 * @param {Inside} inside @param {Response} response @param {Request} request
 */
export const isRefused = async ({ mayAttach, options }, response, request) =>
  response.status === 401 && mayAttach(new URL(response.url || request.url)) && (options.retry401 ?? saysRefused)(response, request);

/**
 * What stands in for a token that was refused, or is missing: one refresh for all who ask.
 * @param {Inside} inside @param {string | null} token @param {Request} request
 * @returns {Promise<string | null>} null if there is none
 */
export async function newerThan({ session, renewal, listeners }, token, request) {
  if (token) await abortable(renewal.refresh({ ifToken: token }), request.signal);
  if (!session.signedIn) listeners.note('login-needed', { request });
  session.publish();
  return session.token === token ? null : session.token;
}

/**
 * `auth.fetch`: with a fresh token where that may go; if it is refused, one refresh for all, and one more try.
 * @param {Inside} inside
 * @param {() => Request} make  since one that was sent cannot be sent again
 */
export async function request(inside, make) {
  const { send, session, renewal, mayAttach } = inside;
  const first = make();
  if (!mayAttach(new URL(first.url)) || first.headers.has('authorization')) return send(first);

  const token = await renewal.token({ signal: first.signal });
  const response = await send(first, token);
  const newer = (await isRefused(inside, response, first)) && (await newerThan(inside, token, first));
  if (!newer) return response;
  let again;
  try {
    again = make();
  } catch (cause) {
    throw new AuthError('body_not_replayable', { response, cause });
  }
  const second = await send(again, newer);
  if (await isRefused(inside, second, again)) session.notBefore = session.now() + HOPELESS_MS;
  return second;
}
