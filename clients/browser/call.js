import { AuthError } from './errors.js';
/** @import { AuthOptions, DpopPlugin, TokenAnswer } from './types.js' */

const LONGEST_WAIT_MS = 3_600_000;

/** The only codes that end a session. Whatever else goes wrong is temporary, and the session is kept. */
export const OVER = /^(refresh_(invalid|reuse)|session_(ended|expired))$/;

/**
 * Sends one request with the token.
 * @typedef {(make: () => Request, token?: string | null) => Promise<Response>} Send
 */

/** Puts a token into a request. @param {AuthOptions} options @returns {(request: Request, token: string | null) => void | Promise<void>} */
export const signer = ({ dpop }) => (request, token) => {
  if (token) request.headers.set('authorization', `Bearer ${token}`);
  return dpop?.sign(request, token);
};

/** @param {AuthOptions} options @returns {Send} */
export const sender = (options) => {
  const { dpop, fetch = globalThis.fetch } = options;   // the one of now: what is put before it later may be ours
  const sign = signer(options);
  return async (make, token) => {
    for (let again = false; ; again = true) {
      const request = make();
      await sign(request, token ?? null);
      const response = await fetch(request);
      if (again || !dpop?.nonce?.(response)) return response;
    }
  };
};

/**
 * One request to the authority, and its answer or what is wrong with it. Never retries.
 * @param {Send} send
 * @param {URL} url
 * @param {{ body?: object, token?: string | null, timeout?: number, init?: RequestInit }} what
 * @returns {Promise<any>} the JSON of a success; null if it has no body
 * @throws {AuthError}
 */
export async function call(send, url, { body, token, timeout = 10_000, init = {} }) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), timeout);
  const abort = () => stop.abort();
  init.signal?.addEventListener('abort', abort);
  let response, text;
  try {
    const headers = new Headers(init.headers);
    // Even where there is nothing to send: another origin's form cannot send JSON.
    if (body) headers.set('content-type', 'application/json');
    response = await send(() => new Request(url, {
      method: 'POST',
      body: body && JSON.stringify(body),
      credentials: 'include',
      cache: 'no-store',
      priority: 'high',
      ...init,
      headers,
      signal: stop.signal,
    }), token);
    text = await response.text();
  } catch (cause) {
    throw new AuthError(init.signal?.aborted ? 'aborted' : stop.signal.aborted ? 'timeout' : 'network', { cause });
  } finally {
    clearTimeout(timer);
    init.signal?.removeEventListener('abort', abort);
  }
  return read(response, text);
}

/** @param {Response} response @param {string} text @returns {any} */
function read(response, text) {
  const { ok, status } = response;
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    if (status === 204) return null;
  }
  const problem = isOurs(body) ? body : undefined;
  if (ok && body && !problem) return body;
  const seconds = parseFloat(response.headers.get('retry-after') ?? '');
  throw new AuthError(problem?.code ?? (status === 429 || status >= 500 ? 'unavailable' : 'not_symbolon'), {
    status,
    problem,
    retryAfterMs: seconds >= 0 ? Math.min(seconds * 1000, LONGEST_WAIT_MS) : undefined,
  });
}

/** @param {any} body @returns {boolean} whether it is one of our problem documents */
export const isOurs = (body) => /^urn:symbolon:/.test(body?.type);

/** @param {any} body @returns {TokenAnswer | null} a captive portal's 200 is not one */
export const tokensIn = (body) =>
  (typeof body?.access_token === 'string' && body.session_id && body.generation >= 0 && body.expires_in > 0 ? body : null);
