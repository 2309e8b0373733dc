/**
 * One request, one reply. Knows how to talk to the server and how to read its problem documents; knows nothing about
 * sessions, and never retries.
 */

const TIMEOUT_MS = 10_000;

/** The server could not be reached, or did not answer in time. Says nothing about the session. */
export class Unreachable extends Error {}

/** A reply that is not a success. */
export class Problem extends Error {
  /** @param {Reply} reply */
  constructor(reply) {
    super(reply.problem?.title ?? `Unexpected answer (${reply.status})`);
    this.detail = reply.problem?.detail ?? '';
    /** Stable name of what went wrong; null if something else than our server answered, such as a proxy. */
    this.code = reply.problem?.code ?? null;
    this.retryAfterMs = reply.retryAfterMs;
  }
}

/**
 * @typedef {object} Reply
 * @property {string} method
 * @property {string} path               with the path base
 * @property {number} status
 * @property {any} body               parsed JSON, or null
 * @property {any} problem            the body, if it is one of our problem documents (RFC 9457), else null
 * @property {number | null} retryAfterMs
 * @property {number} receivedAt      local clock, ms
 * @property {number} tookMs
 */

/** @type {Set<(line: { method: string, path: string, status: number, code: string | null, tookMs: number }) => void>} */
const listeners = new Set();

/** Tells of each exchange: its outline only, never a header or a body, for that is where tokens and passwords are. */
export const onExchange = (listener) => listeners.add(listener);

/** @param {string} path relative to the page @returns {URL} */
export const addressOf = (path) => new URL(path, document.baseURI);

/**
 * @param {string} method
 * @param {string} path  relative to the page, so that the page works under any path base
 * @param {{ token?: string | null, body?: object, headers?: Record<string, string>, keepalive?: boolean }} [options]
 * @returns {Promise<Reply>} whatever the status is
 * @throws {Unreachable}
 */
export async function send(method, path, { token, body, headers = {}, keepalive = false } = {}) {
  const startedAt = performance.now();
  const address = addressOf(path);
  const shown = address.pathname + address.search;
  const tell = (status, code) => listeners.forEach((listener) => listener({ method, path: shown, status, code, tookMs: performance.now() - startedAt }));
  try {
    const response = await fetch(address, {
      method,
      headers: {
        accept: 'application/json',
        ...(body && { 'content-type': 'application/json' }),
        ...(token && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: body && JSON.stringify(body),
      credentials: 'same-origin',
      cache: 'no-store',
      keepalive,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const reply = await read(method, shown, response, startedAt);
    tell(reply.status, reply.problem?.code ?? null);
    return reply;
  } catch (cause) {
    tell(0, null);
    throw new Unreachable('The server cannot be reached', { cause });
  }
}

/** @param {Reply} reply @returns {any} the body @throws {Problem} also for a success that is not ours, such as a captive portal's */
export function bodyOf(reply) {
  if (reply.status === 204 || (reply.status >= 200 && reply.status < 300 && reply.body)) return reply.body;
  throw new Problem(reply);
}

/** @returns {Promise<Reply>} */
async function read(method, path, response, startedAt) {
  const type = response.headers.get('content-type') ?? '';
  const text = await response.text();
  const body = /[/+]json\b/.test(type) ? parse(text) : null;
  const ours = type.startsWith('application/problem+json') && String(body?.type).startsWith('urn:symbolon:');
  const retryAfter = Number.parseFloat(response.headers.get('retry-after') ?? '');
  return {
    method, path, body,
    status: response.status,
    problem: ours ? body : null,
    retryAfterMs: Number.isFinite(retryAfter) ? retryAfter * 1000 : null,
    receivedAt: Date.now(),
    tookMs: performance.now() - startedAt,
  };
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
