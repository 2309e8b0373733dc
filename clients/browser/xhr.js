import { snapshot } from './body.js';
import { attached, headersWith, isRefused } from './inside.js';
/** @import { Auth } from './types.js' @import { Inside } from './inside.js' */

/** @typedef {{ phase: 'token' | 'sent' | 'held' | 'again' | 'over', token?: string | null, lacks?: boolean, body?: any, since: number, sentAt: number, timer?: any, held: Held[] }} Exchange  one `send` of the caller */
/** @typedef {{ type: string, readyState: number, loaded?: number, total?: number, lengthComputable?: boolean }} Held  an event that the caller has not seen */

const TOLD = ['readystatechange', 'loadstart', 'progress', 'load', 'loadend', 'error', 'abort', 'timeout'];
const FAILURES = ['error', 'abort', 'timeout'];

/**
 * For jQuery and old code: XMLHttpRequests to an `attach` origin carry the token; a 401 of ours is refreshed, and the request is sent once more on the same object.
 * Handlers see one request. Requests with an `Authorization` of their own, and those to other origins, are left alone; synchronous ones get the token in hand and are not repeated.
 * @example
 * const undo = installXhr(auth);
 * $.getJSON('/api/orders').then(show);
 * @param {Auth} auth
 * @param {{ global?: { XMLHttpRequest: typeof XMLHttpRequest } }} [options]
 * @returns {() => void} puts the former one back; if somebody has put another on top meanwhile, ours stays and passes everything through
 */
export function installXhr(auth, { global = globalThis } = {}) {
  const former = global.XMLHttpRequest;
  let installed = true;
  const ours = withToken(former, auth, () => installed);
  global.XMLHttpRequest = ours;
  return () => {
    installed = false;
    if (global.XMLHttpRequest === ours) global.XMLHttpRequest = former;
  };
}

/** @param {any} Former @param {Auth} auth @param {() => boolean} installed @returns {any} */
function withToken(Former, auth, installed) {
  return class XMLHttpRequest extends Former {
    /** @type {any[]} */ #opened = [];
    /** @type {[string, string][]} */ #headers = [];
    /** @type {{ url: URL, rules: Inside } | null} where the token goes; null: it does not */ #ours = null;
    /** @type {Exchange | null} */ #exchange = null;
    /** @type {number | null} what the caller sees instead of the real one */ #readyState = null;
    #timeout = 0;
    /** @type {AbortController | null} */ #uploadGate = null;
    /** @type {Exchange | null} whose events are being told */ #replay = null;

    constructor() {
      super();
      // The first listeners of all: what they stop, nobody else hears.
      for (const type of TOLD) super.addEventListener(type, (/** @type {ProgressEvent} */ event) => this.#gate(event), { capture: true });
    }

    get upload() {
      const upload = super.upload;
      if (!this.#uploadGate) {
        const { signal } = this.#uploadGate = new AbortController();
        // The upload is told once, from its start to its end.
        const mute = (/** @type {Event} */ event) => { if (this.#exchange?.phase === 'again') event.stopImmediatePropagation(); };
        for (const type of TOLD) upload.addEventListener(type, mute, { capture: true, signal });
      }
      return upload;
    }

    get readyState() { return this.#readyState ?? super.readyState; }
    get status() { return this.#readyState === 1 ? 0 : super.status; }

    get withCredentials() { return super.withCredentials; }
    set withCredentials(value) {
      if (this.#exchange) throw new DOMException('The request was sent already.', 'InvalidStateError');
      super.withCredentials = value;
    }

    get timeout() { return this.#timeout; }
    set timeout(ms) {
      super.timeout = ms;   // throws where the real one does
      this.#timeout = super.timeout;
      const exchange = this.#exchange;
      if (exchange && exchange.phase !== 'over') this.#watch(exchange);
    }

    open(/** @type {any[]} */ ...args) {
      this.#leave();
      super.open(...args);
      this.#readyState = null;
      this.#replay = null;
      this.#opened = args;
      this.#headers = [];
      this.#ours = installed() ? attached(auth, String(args[1])) : null;
    }

    setRequestHeader(/** @type {string} */ name, /** @type {string} */ value) {
      if (this.#exchange) throw new DOMException('The request was sent already.', 'InvalidStateError');
      super.setRequestHeader(name, value);
      this.#headers.push([name, value]);
      if (/^authorization$/i.test(name)) this.#ours = null;
    }

    send(/** @type {any} */ body = null) {
      if (this.#exchange) throw new DOMException('The request was sent already.', 'InvalidStateError');
      if (!this.#ours || super.readyState !== 1) {
        this.#uploadGate?.abort();   // a listener of the upload makes another origin be asked for permission first
        return super.send(body);
      }
      if (this.#opened.length > 2 && !this.#opened[2]) {
        const token = this.#ours.rules.held();
        if (token) super.setRequestHeader('Authorization', `Bearer ${token}`);
        return super.send(body);
      }
      /** @type {Exchange} */
      const exchange = { phase: 'token', body: snapshot(body), since: performance.now(), sentAt: 0, held: [] };
      this.#exchange = exchange;
      this.#watch(exchange);
      this.#tell('loadstart', { loaded: 0, total: 0 });
      if (exchange !== this.#exchange) return;   // aborted, or opened anew, by a handler
      // None can be had now. What is public is there all the same; from the rest, a 401 would be misleading.
      const none = () => { exchange.lacks = true; return null; };
      auth.token().catch(none).then((token) => this.#dispatch(exchange, 'sent', token)).catch(() => this.#fail(exchange, 'error'));
    }

    abort() {
      const exchange = this.#exchange;
      if (exchange && this.#waits(exchange)) {
        this.#fail(exchange, 'abort');
        if (this.#readyState === 4) this.#readyState = 0;
        return;
      }
      this.#leave();
      this.#replay = null;
      super.abort();
    }

    /** Whether the caller waits for us rather than for the network. */
    #waits(/** @type {Exchange} */ { phase }) {
      return phase === 'token' || (phase === 'held' && super.readyState === 4);
    }

    /** From here on the object is what it was made from. */
    #leave() {
      if (!this.#exchange) return;
      clearTimeout(this.#exchange.timer);
      this.#exchange.phase = 'over';
      this.#exchange = null;
      this.#readyState = null;
      super.timeout = this.#timeout;
    }

    /** Asynchronous, for a proof may have to be made; the caller may have given up meanwhile. */
    async #dispatch(/** @type {Exchange} */ exchange, /** @type {'sent' | 'again'} */ phase, /** @type {string | null} */ token) {
      const headers = token ? await headersWith(this.#rules, this.#request(), token) : [];
      if (exchange.phase !== (phase === 'sent' ? 'token' : 'held')) return;
      clearTimeout(exchange.timer);
      if (phase === 'again') this.#reopen();
      for (const [name, value] of headers) super.setRequestHeader(name, value);
      exchange.phase = phase;
      exchange.token = token;
      exchange.sentAt = performance.now();
      this.#watch(exchange);
      super.send(exchange.body);
    }

    #reopen() {
      this.#readyState = null;
      super.open(this.#opened[0], this.#url.href, ...this.#opened.slice(2));
      for (const [name, value] of this.#headers) super.setRequestHeader(name, value);
    }

    /** One limit for all of it, from the caller's `send` on. */
    #watch(/** @type {Exchange} */ exchange) {
      clearTimeout(exchange.timer);
      if (!this.#timeout) return;
      const rest = (/** @type {number} */ from) => Math.max(1, this.#timeout - (from - exchange.since));
      if (this.#waits(exchange)) exchange.timer = setTimeout(() => this.#fail(exchange, 'timeout'), rest(performance.now()));
      else super.timeout = rest(exchange.sentAt);   // the real one counts from its own start
    }

    /** Sees every event before the caller does. */
    #gate(/** @type {ProgressEvent} */ event) {
      const exchange = this.#exchange;
      if (!event.isTrusted || !exchange) return;
      const { type } = event;
      if (exchange.phase === 'sent' && type === 'readystatechange' && super.readyState === 2 && super.status === 401) {
        exchange.phase = 'held';
        this.#readyState = 1;
      }
      if (type === 'loadstart') return event.stopImmediatePropagation();   // told while it was sent
      if (exchange.phase === 'held') {
        if (FAILURES.includes(type)) return this.#release(exchange, 'readystatechange');
        event.stopImmediatePropagation();
        const { loaded, total, lengthComputable } = event;
        exchange.held.push({ type, readyState: super.readyState, loaded, total, lengthComputable });
        if (type === 'loadend') this.#decide(exchange).catch(() => this.#release(exchange));
        return;
      }
      if (type === 'loadend' && super.readyState === 4) {
        if (exchange.phase === 'again' && super.status === 401) this.#refusedAgain(/** @type {string} */ (exchange.token));
        this.#leave();
      }
    }

    async #decide(/** @type {Exchange} */ exchange) {
      if (exchange.lacks) return this.#fail(exchange, 'error');
      this.#watch(exchange);
      const next = await this.#isRefused() ? await this.#rules.newer(exchange.token ?? null, this.#request()) : null;
      if (next) await this.#dispatch(exchange, 'again', next);
      else this.#release(exchange);
    }

    async #refusedAgain(/** @type {string} */ token) {
      if (await this.#isRefused()) this.#rules.refusedAgain(token);
    }

    get #rules() { return /** @type {{ rules: Inside }} */ (this.#ours).rules; }
    get #url() { return /** @type {{ url: URL }} */ (this.#ours).url; }

    #request() { return new Request(this.#url, { method: this.#opened[0] }); }
    #isRefused() { return isRefused(this.#rules, this.#request(), this.#inFetchForm()); }

    /** The caller gets to see what was kept from it. */
    #release(/** @type {Exchange} */ exchange, only = '') {
      if (exchange.phase !== 'held') return;
      this.#leave();
      this.#replay = exchange;
      for (const { type, readyState, ...progress } of exchange.held) {
        if (this.#replay !== exchange) return;   // opened anew, or aborted, by a handler
        if (only && only !== type) continue;
        this.#readyState = readyState;
        this.#tell(type, progress);
      }
      this.#readyState = null;
    }

    /** Ends what waits for us, as the real one ends. */
    #fail(/** @type {Exchange} */ exchange, /** @type {'abort' | 'timeout' | 'error'} */ type) {
      if (exchange !== this.#exchange || !this.#waits(exchange)) return;
      this.#leave();
      super.abort();        // silent: there is nothing under way; an answer that was held is gone
      this.#readyState = 4;
      for (const each of ['readystatechange', type, 'loadend']) this.#tell(each, { loaded: 0, total: 0 });
    }

    #tell(/** @type {string} */ type, /** @type {ProgressEventInit} */ progress) {
      this.dispatchEvent(type === 'readystatechange' ? new Event(type) : new ProgressEvent(type, progress));
    }

    #inFetchForm() {
      const type = this.responseType;
      const body = type === '' || type === 'text' ? super.responseText : type === 'json' ? JSON.stringify(this.response) : type === 'document' ? null : this.response;
      const lines = super.getAllResponseHeaders().split(/\r?\n/).filter(Boolean).map((/** @type {string} */ line) => line.split(/:\s*(.*)/s, 2));
      return { body, headers: lines, url: this.responseURL };
    }
  };
}
