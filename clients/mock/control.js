import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { MockError } from './errors.js';

/**
 * A length of time: `"10m"`, `"90s"`, `"300ms"`, `"1.5h"`, `"14d"`, or seconds.
 * @typedef {string | number} Length
 */
/**
 * What goes wrong, for which requests, and how often. `lost-response`: the engine does all its work, then the line is cut.
 * @typedef {object} Fault
 * @property {'status' | 'delay' | 'reset' | 'empty' | 'truncate' | 'lost-response' | 'html-200' | 'drop-set-cookie' | 'wrong-cors'} kind
 * @property {string} [method]
 * @property {string} [path]        exact, or with `*`: `/api/*`; all by default
 * @property {number} [status]      of kind `status`; 503 by default
 * @property {Length} [retry_after] the header of kind `status`
 * @property {string} [code]        the problem's code
 * @property {Length} [delay]       the answer is held back, on any kind; `"0..300ms"` is drawn from the seed
 * @property {number} [times]       then it is over; unlimited by default
 * @property {number} [skip]        lets the first n pass
 * @property {number} [probability] 0 to 1
 */
/** @typedef {{ now: string, offset_ms: number }} ClockState */
/** @typedef {{ n: number, at: string, method: string, path: string, status?: number, code?: string, session_id?: string, username?: string, fault?: string, duration_ms?: number }} LogEntry  no status and no duration while it is under way; no status after a `reset` */
/** @typedef {{ session_id: string, username?: string, live: boolean, reason?: string, generation: number, expires_at: string }} SessionState */
/** @typedef {{ now: string, profile?: string, seed: number, users: { username: string, roles: string[] }[], sessions: SessionState[], faults: (Fault & { id: string })[], routes: { path: string, methods?: string[], anonymous?: boolean, roles?: string[], scope?: string, mode?: string }[], counts: Record<string, number> }} MockState */
/** @typedef {{ session_id: string } | { username: string } | { all: true }} Whose */

/**
 * The control calls of a mock at an address. Each throws {@link MockError}: `unreachable`, `refused`, `not_a_mock`.
 * @param {string} address such as `http://localhost:5081`
 */
export function control(address) {
  const url = address.replace(/\/+$/, '');

  /**
   * @param {string} method @param {string} path @param {object} [body]
   * @returns {Promise<any>}
   */
  async function call(method, path, body) {
    /** @type {{ status: number, type: string, text: string }} */
    let answer;
    try {
      answer = await ask(`${url}/__mock/${path}`, method, body && JSON.stringify(body));
    } catch (cause) {
      throw new MockError('unreachable', `No mock answers at ${url}${reasonOf(cause)}.`, { cause });
    }
    const { status, type, text } = answer;
    if (status === 204) return undefined;
    const json = /[/+]json\b/.test(type) ? parse(text) : undefined;
    if (status < 300 && json !== undefined) return json;
    if (typeof json?.code === 'string') {
      throw new MockError('refused', `${method} /__mock/${path}: ${json.detail ?? json.title ?? json.code}`, { status, detail: json.detail ?? '' });
    }
    throw new MockError('not_a_mock', `${url} answers ${status} to ${method} /__mock/${path}, which is not what a Symbolon mock says.`, { status });
  }

  return {
    /** Where the mock answers, without a slash at the end. */
    url,

    clock: {
      /** The mock's instant. @returns {Promise<Date>} */
      now: async () => new Date((await call('GET', 'clock')).now),
      /** Lets time pass at once: tokens expire, timers fire. @param {Length} length @returns {Promise<ClockState>} */
      advance: (length) => call('POST', 'clock', { advance: length }),
      /** Sets the clock, also back. @param {Date | string} instant @returns {Promise<ClockState>} */
      set: (instant) => call('POST', 'clock', { set: new Date(instant).toISOString() }),
    },

    /**
     * Makes the access tokens given out until now, or the sessions, expired; everybody's without a target.
     * @param {'access' | 'session'} [what]
     * @param {{ session_id?: string, username?: string }} [whose]
     * @returns {Promise<number>} how many
     */
    expire: async (what = 'access', whose = {}) => (await call('POST', 'expire', { what, ...whose })).expired,

    /**
     * Ends sessions, as an administrator would.
     * @param {Whose} whose
     * @param {string} [reason] `ended_by_admin`, `refresh_reuse`, …
     * @returns {Promise<number>} how many
     */
    revoke: async (whose, reason) => (await call('POST', 'revoke', { ...whose, ...(reason && { reason }) })).ended,

    /**
     * Gives a user these roles; tokens with the old ones are refused with `claims_stale`.
     * @param {string} username @param {string[]} roles
     * @returns {Promise<{ username: string, roles: string[], claims_version: number }>}
     */
    roles: (username, roles) => call('POST', 'roles', { username, roles }),

    faults: {
      /** @param {Fault} fault @returns {Promise<Fault & { id: string }>} */
      add: (fault) => call('POST', 'faults', fault),
      /** @returns {Promise<(Fault & { id: string })[]>} */
      list: async () => (await call('GET', 'faults')).items,
      /** @param {string} id @returns {Promise<void>} */
      remove: (id) => call('DELETE', `faults/${encodeURIComponent(id)}`),
      /** @returns {Promise<void>} */
      clear: () => call('DELETE', 'faults'),
    },

    log: {
      /** Requests in order; never a token, header or body. @param {{ since?: number }} [range] @returns {Promise<LogEntry[]>} */
      entries: async ({ since = 0 } = {}) => (await call('GET', `log?since=${since}`)).items,
      /** How often this was asked since the start, the last reset or `clear`. @param {string} method @param {string} path @returns {Promise<number>} */
      count: async (method, path) => (await call('GET', `log?since=${Number.MAX_SAFE_INTEGER}`)).counts[`${method.toUpperCase()} ${path}`] ?? 0, // without the entries, of which there may be thousands
      /** @returns {Promise<void>} */
      clear: () => call('DELETE', 'log'),
    },

    /** Users, sessions, data, faults, clock and log as at the start. @returns {Promise<void>} */
    reset: () => call('POST', 'reset', {}),

    /** All that the panel shows. @returns {Promise<MockState>} */
    state: () => call('GET', 'state'),
  };
}

/** @typedef {ReturnType<typeof control>} MockControl */

/**
 * Asks on a connection of its own: of those that are kept for reuse, a fault may just have cut one.
 * @param {string} address @param {string} method @param {string | undefined} body
 * @returns {Promise<{ status: number, type: string, text: string }>}
 */
function ask(address, method, body) {
  const request = address.startsWith('https:') ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const headers = { accept: 'application/json', ...(body && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }) };
    const sent = request(address, { method, agent: false, headers }, async (response) => {
      try {
        let text = '';
        for await (const piece of response.setEncoding('utf8')) text += piece;
        resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', text });
      } catch (error) {
        reject(error);
      }
    });
    sent.once('error', reject).end(body);
  });
}

/** @param {any} cause such as ECONNREFUSED; of several addresses, the first one's */
function reasonOf(cause) {
  const code = cause?.code ?? cause?.errors?.[0]?.code;
  return code ? ` (${code})` : '';
}

/** @param {string} text @returns {any} */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
