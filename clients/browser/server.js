import { randomId } from './attempt.js';
import * as answers from './call.js';
import { AuthError } from './errors.js';
import { sessionFrom } from './held.js';
/** @import { AuthState, Session } from './types.js' */

/**
 * @typedef {object} ServerRequest
 * @property {string | null | undefined} cookie  the header `Cookie` of the request that is being answered
 * @property {string | URL} url  the authority as this server reaches it, absolute, such as `http://127.0.0.1:5080/auth`
 * @property {string} [origin]  the origin that browsers see, such as `https://app.example`, if `url` is another; the authority believes it from its `Symbolon:Proxies`
 * @property {string} [attempt]  the attempt id, 22 to 128 of `A-Za-z0-9_-`; by default a fresh one
 * @property {HeadersInit} [headers]  more headers for the authority, such as `X-Forwarded-For`
 * @property {number} [timeout]  ms; 5 000
 * @property {AbortSignal} [signal]
 * @property {typeof fetch} [fetch]
 */

/**
 * @typedef {object} ServerSession
 * @property {AuthState} state  for `AuthProvider initial`: it has no token. loading: it could not be learned, and the browser finds out
 * @property {Session | null} session  instants are of this server's clock
 * @property {string | null} accessToken  for calls to APIs while this request is answered; never into the page
 * @property {string[]} setCookie  lines of `Set-Cookie`, to be passed on exactly as they are or not at all; see `docs/server-rendering.md`
 * @property {AuthError} [error]  why the state is `loading`
 */

const LONGEST_HEADER = 16_384;
const NAMES = ['__Host-symbolon-rt', 'symbolon-rt'];

/**
 * Whose request is this? A function of the request's cookie and the authority's answer; keeps nothing.
 *
 * It presents the browser's refresh token. Where the answer cannot be stored in the browser, the client needs `Overlap: UntilUsed`.
 * @example
 * const { session, accessToken } = await sessionFromCookies({ cookie: request.headers.get('cookie'), url: 'http://127.0.0.1:5080/auth' });
 * @param {ServerRequest} request
 * @returns {Promise<ServerSession>} never throws for what the browser or the authority sent
 */
export async function sessionFromCookies({ cookie, url, origin, attempt = randomId(), headers, timeout = 5_000, signal, fetch = globalThis.fetch }) {
  const endpoint = new URL(url);
  endpoint.pathname = `${endpoint.pathname.replace(/\/+$/, '')}/refresh`;
  if (!/^[\w-]{22,128}$/.test(attempt)) throw new TypeError('attempt must be 22 to 128 characters of A-Za-z0-9_-.');

  const pair = refreshCookie(cookie);
  if (!pair) return { state: { status: 'anonymous' }, session: null, accessToken: null, setCookie: [] };

  const limit = AbortSignal.timeout(timeout);
  let response, text;
  try {
    response = await fetch(endpoint, {
      method: 'POST',
      body: '{}',
      headers: headersFor(pair, attempt, origin, headers),
      redirect: 'manual',                      // the cookie goes to the authority and nowhere else
      cache: 'no-store',
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    text = await response.text();
  } catch (cause) {
    return unknown(new AuthError(signal?.aborted ? 'aborted' : limit.aborted ? 'timeout' : 'network', { cause }));
  }
  return read(response, text);
}

/** Whether the request claims a session: enough to choose between two pages, proof of nothing. @param {string | null | undefined} cookie */
export const hasSessionCookie = (cookie) => refreshCookie(cookie) !== null;

/** @param {string} pair @param {string} attempt @param {string | undefined} origin @param {HeadersInit | undefined} more */
function headersFor(pair, attempt, origin, more) {
  const headers = new Headers(more);
  headers.set('content-type', 'application/json');
  headers.set('cookie', pair);                  // of the browser's cookies only this one
  headers.set('symbolon-attempt', attempt);
  headers.set('x-symbolon', '1');               // the cross-site rule: a program, not a browser
  if (origin) {
    const { protocol, host } = new URL(origin);
    headers.set('x-forwarded-proto', protocol.slice(0, -1));
    headers.set('x-forwarded-host', host);
  }
  return headers;
}

/** @param {Response} response @param {string} text @returns {ServerSession} */
function read(response, text) {
  const { status } = response;
  const setCookie = response.headers.getSetCookie().filter((line) => NAMES.includes(line.split('=')[0]));
  try {
    const tokens = answers.tokensIn(answers.read(response, text));
    const session = sessionFrom(tokens, Date.now(), { url: '' });
    return { state: { status: 'active', session, expiresAt: session.expiresAt }, session, accessToken: tokens.access_token, setCookie };
  } catch (thrown) {
    const error = /** @type {AuthError} */ (thrown);
    if (status !== 401 || !answers.OVER.test(error.code)) return unknown(error);
    return { state: { status: 'anonymous', reason: error.problem?.reason ?? error.code }, session: null, accessToken: null, setCookie };
  }
}

/** @param {AuthError} error @returns {ServerSession} */
const unknown = (error) => ({ state: { status: 'loading' }, session: null, accessToken: null, setCookie: [], error });

/** @param {string | null | undefined} header @returns {string | null} `name=value`; with the prefix if there is one, which no sibling domain can have planted */
function refreshCookie(header) {
  if (!header || header.length > LONGEST_HEADER) return null;
  const pairs = header.split(';').map((pair) => pair.trim());
  return NAMES.map((name) => pairs.find((pair) => pair.startsWith(`${name}=`) && /^srt_[\w-]{1,500}$/.test(pair.slice(name.length + 1)))).find(Boolean) ?? null;
}
