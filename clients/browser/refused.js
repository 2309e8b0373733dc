import { AuthError } from './errors.js';
import { abortable } from './renewal.js';
/** @import { Inside } from './types.js' */

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
 * What to do about a 401: if it means our token, one refresh for all, and one more try.
 * @param {Inside} inside @param {Response} response @param {Request} first @param {string | null} token  what it was sent with
 * @param {() => Request} make  since one that was sent cannot be sent again
 */
export async function sendAgain(inside, response, first, token, make) {
  const newer = (await isRefused(inside, response, first)) && (await newerThan(inside, token, first));
  if (!newer) return response;
  let again;
  try {
    again = make();
  } catch (cause) {
    throw new AuthError('body_not_replayable', { response, cause });
  }
  const second = await inside.send(again, newer);
  if (await isRefused(inside, second, again)) inside.session.refusedAgain();
  return second;
}
