/** Asks the authority: bounded in time and size, without redirects, cookies or memory of anything. */

/** The authority did not answer, or not with what was asked for. The message names the address and what to do, never what was sent. */
export class RemoteError extends Error {}

/** What may be logged of an error: its message where we wrote it, else its kind, since a message may repeat what was sent. @param {unknown} error */
export function why(error) {
  if (!(error instanceof Error)) return 'unknown';
  return error instanceof RemoteError || error.constructor.name === 'FormatError' ? error.message : error.name;
}

/**
 * @typedef {{ status: number, body: Buffer, maxAge: number | undefined }} Answer
 * @typedef {{ method?: string, headers?: Record<string, string>, body?: string }} Question
 */

export class Http {
  #fetch;

  /** @param {typeof globalThis.fetch} fetch */
  constructor(fetch) {
    this.#fetch = fetch;
  }

  /** Asks, and reads the whole answer. @param {string} url @param {Question} question @param {{ maxLength: number, within: number, signal?: AbortSignal }} bounds @returns {Promise<Answer>} */
  async ask(url, question, { maxLength, within, signal }) {
    const ends = new AbortController();
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      ends.abort();
    }, within);
    const end = () => ends.abort();
    signal?.addEventListener('abort', end);
    if (signal?.aborted) end();
    try {
      const response = await this.open(url, question, ends.signal);
      const body = await read(response, url, maxLength);
      const age = /(?:^|[\s,])max-age=(\d{1,9})(?:[\s,]|$)/i.exec(response.headers.get('cache-control') ?? '');
      return { status: response.status, body, maxAge: age ? +age[1] : undefined };
    } catch (error) {
      if (isLate) throw new RemoteError(`${shown(url)} did not answer within ${within / 1000} seconds.`);
      throw error instanceof RemoteError ? error : new RemoteError(`${shown(url)} broke off.`);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
    }
  }

  /** Asks, and leaves the body to be read. @param {string} url @param {Question} question @param {AbortSignal} signal @returns {Promise<Response>} */
  async open(url, question, signal) {
    let response;
    try {
      response = await this.#fetch(url, { ...question, signal, redirect: 'manual' });
    } catch (error) {
      const cause = /** @type {any} */ (error)?.cause?.code;
      throw new RemoteError(`${shown(url)} cannot be reached${typeof cause === 'string' ? ` (${cause})` : ''}.`);
    }

    // Keys and revocations come from the configured host alone, and a credential goes nowhere else.
    if (response.status >= 200 && !(response.status >= 300 && response.status < 400) && !response.redirected) return response;
    await response.body?.cancel().catch(() => {});
    throw new RemoteError(`${shown(url)} redirects, and redirects are not followed. Configure the address that answers itself.`);
  }
}

/** @param {Response} response @param {string} url @param {number} maxLength */
async function read(response, url, maxLength) {
  const chunks = [];
  let length = 0;
  const tooLarge = () => new RemoteError(`${shown(url)} answered more than ${maxLength} bytes.`);
  if (Number(response.headers.get('content-length')) > maxLength) {
    await response.body?.cancel().catch(() => {});
    throw tooLarge();
  }

  for await (const chunk of /** @type {AsyncIterable<Uint8Array>} */ (/** @type {unknown} */ (response.body ?? []))) {
    length += chunk.length;
    if (length > maxLength) throw tooLarge(); // leaving the loop cancels the body
    chunks.push(chunk);
  }

  return Buffer.concat(chunks);
}

/** Without the query. @param {string} url */
export const shown = (url) => url.split('?', 1)[0];

/** An address below another, whether that ends with a slash or not. @param {string} root @param {string} path */
export const below = (root, path) => `${shown(root).replace(/\/+$/, '')}${path}`;

/** https; plain HTTP only to this machine, or where it is allowed. Never with a name or password in it. @param {unknown} address @param {boolean} allowHttp */
export function isAllowedAddress(address, allowHttp) {
  if (typeof address !== 'string' || !URL.canParse(address)) return false;
  const { protocol, hostname, username, password } = new URL(address);
  const isLoopback = hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
  return username === '' && password === '' && (protocol === 'https:' || (protocol === 'http:' && (isLoopback || allowHttp)));
}
