import { AuthError } from './errors.js';
/** @import { AuthOptions, TokenAnswer } from './types.js' */

/** The only codes that end a session. Whatever else goes wrong is temporary, and the session is kept. */
export const OVER = /^(refresh_(invalid|reuse)|session_(ended|expired))$/;

/**
 * Sends a request with the token.
 * @typedef {(request: Request, token?: string | null) => Promise<Response>} Send
 */

/** @param {AuthOptions} options @returns {Send} */
export function sender(options) {
  // The one of now: what is put before it later may be ours.
  const { dpop, fetch = globalThis.fetch } = options;
  return async (request, token) => {
    if (dpop) return (await import('./dpop.js')).send(options, fetch, request, token);
    if (!token) return fetch(request);
    // What the caller and its listeners see stays without the token.
    const signed = new Request(request);
    signed.headers.set('authorization', `Bearer ${token}`);
    return fetch(signed);
  };
}

/**
 * One request to the authority, and its answer or what is wrong with it. Never retries.
 * @param {(request: Request, token?: string | null) => Promise<Response>} send
 * @param {URL} url
 * @param {{ body?: object, token?: string | null, timeout?: number, init?: RequestInit }} what
 * @returns {Promise<any>} the JSON of a success; nothing if it has no body
 * @throws {AuthError}
 */
export async function call(send, url, { body, token, timeout = 10_000, init }) {
  let response, text;
  try {
    const request = new Request(url, {
      method: 'POST',
      body: body && JSON.stringify(body),
      credentials: 'include',
      cache: 'no-store',
      priority: 'high',
      signal: AbortSignal.timeout(timeout),
      ...init,
    });
    // Even where there is nothing to send: another origin's form cannot send JSON.
    if (body) request.headers.set('content-type', 'application/json');
    response = await send(request, token);
    text = await response.text();
  } catch (/** @type {any} */ cause) {
    throw cause instanceof AuthError ? cause : new AuthError({ TimeoutError: 'timeout', AbortError: 'aborted' }[/** @type {'AbortError'} */ (cause.name)] ?? 'network', { cause });
  }
  return read(response, text);
}

/** @param {Response} response @param {string} text its body @returns {any} the JSON of a success @throws {AuthError} */
export function read({ ok, status, headers }, text) {
  let json;
  try {
    json = JSON.parse(text);
  } catch {
    // No JSON, and perhaps nothing at all.
  }
  if (ok && (json || status === 204)) return json;
  const problem = /^urn:symbolon:/.test(json?.type) ? json : undefined;
  throw new AuthError(problem?.code ?? (/429|5../.test(`${status}`) ? 'unavailable' : 'not_symbolon'), {
    status,
    problem,
    // A date would be of the server's clock: it counts as nothing.
    retryAfterMs: Number(headers.get('retry-after')) * 1000 || 0,
  });
}

/** @param {any} body @returns {TokenAnswer} @throws {AuthError} a captive portal's 200 is no answer of ours */
export function tokensIn(body) {
  if (body?.access_token && body.session_id && body.generation) return body;
  throw new AuthError('no_session');
}
