import { STYLE } from './devices-style.js';
import { deviceRow, make, onClick, say } from './devices-row.js';
import { textsFor } from './devices-texts.js';

/** @import { Auth } from './types.js' */
/** @typedef {import('./devices-row.js').Row} Row */

const Base = globalThis.HTMLElement ?? class {};   // a server may import this file

/**
 * The devices on which the user is signed in: sign out one or all others, rename.
 *
 * Events, all of which bubble: `symbolon-device-ended` {sessionId, current}, `symbolon-others-ended` {count}, `symbolon-device-renamed` {sessionId, name}, `symbolon-devices-error` {error}.
 * @example
 * import '/symbolon/devices.js';
 * document.querySelector('symbolon-devices').auth = auth;
 */
export class SymbolonDevices extends Base {
  static observedAttributes = ['lang', 'heading-level'];

  /** @type {Auth | null} */ #auth = null;
  /** @type {Map<string, Row>} by session, in the list's order */ #rows = new Map();
  /** @type {string | null} the session that the rows belong to */ #shownFor = null;
  /** @type {(() => void)[]} */ #leave = [];
  /** Counts the loads, so that an answer that was overtaken is dropped. */ #load = 0;
  /** @type {'signedOut' | 'loading' | 'shown' | 'failed'} */ #stage = 'signedOut';
  /** @type {unknown} */ #error = null;

  #title = make('h2', { id: 'title', part: 'title', tabindex: '-1' });
  #others = make('button', { type: 'button', class: 'end', part: 'button others' });
  #problem = make('p', { part: 'error-text' });
  #again = make('button', { type: 'button', part: 'button retry' });
  #alert = make('div', { class: 'error', part: 'error' }, this.#problem, this.#again);
  #status = make('p', { class: 'status', part: 'status', role: 'status' });
  #list = make('ul', { part: 'list', role: 'list', 'aria-labelledby': 'title' });
  #card = make('section', { class: 'card', part: 'card', 'aria-labelledby': 'title' },
    make('div', { class: 'head', part: 'head' }, this.#title, this.#others), make('div', { role: 'alert' }, this.#alert), this.#status, this.#list);

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    // A sheet made by script: `style-src 'self'` lets it pass, where a <style> would be refused.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    root.append(this.#card);
    onClick(this.#again, () => this.reload(), () => {});
    onClick(this.#others, () => this.#endOthers(), (error) => this.#failed(error));
  }

  /** The client. Set it once it is made; another one may follow. */
  get auth() { return this.#auth; }
  set auth(auth) {
    this.#forget();
    this.#auth = auth;
    if (this.isConnected) this.#follow();
  }

  connectedCallback() {
    // Set before the element was defined, it stands in the way of the accessor.
    if (Object.hasOwn(this, 'auth')) {
      const { auth } = this;
      Reflect.deleteProperty(this, 'auth');
      this.auth = auth;
      return;
    }
    this.#follow();
  }

  disconnectedCallback() { this.#forget(); }

  attributeChangedCallback() { this.#draw(); }

  /** Asks the server again. Never throws: what went wrong is shown. */
  async reload() {
    const auth = this.#auth;
    if (!auth || this.#shownFor === null) return;
    const load = ++this.#load;
    this.#stage = this.#rows.size ? this.#stage : 'loading';
    this.#draw();
    try {
      const devices = await auth.sessions.list();
      if (load !== this.#load) return;
      this.#show(devices);
    } catch (error) {
      if (load === this.#load) this.#failed(error, true);
    }
  }

  #follow() {
    const auth = this.#auth;
    this.#forget();
    if (auth) {
      this.#leave = [auth.subscribe(() => this.#look())];
      const page = new MutationObserver(() => this.#draw());
      page.observe(document.documentElement, { attributeFilter: ['lang'] });
      this.#leave.push(() => page.disconnect());
    }
    this.#look();
    this.#draw();
  }

  #forget() {
    for (const leave of this.#leave.splice(0)) leave();
    this.#load += 1;
    this.#shownFor = null;
  }

  /** Another session has another list; none has none. */
  #look() {
    const { status, session } = this.#auth?.state ?? { status: 'anonymous' };
    // Signed in, and by whom is learned with the first token ('').
    const id = status === 'anonymous' || status === 'loading' ? null : session?.sid ?? this.#shownFor ?? '';
    const known = this.#shownFor === '' && id !== null ? id : this.#shownFor;
    const stage = id !== null ? this.#stage : status === 'loading' ? 'loading' : 'signedOut';
    this.#shownFor = id;
    if (id === known && stage === this.#stage) return;
    this.#load += 1;
    this.#rows.clear();
    this.#list.replaceChildren();
    say(this.#status, '');
    this.#error = null;
    this.#stage = stage;
    if (id === null) this.#draw();
    else this.reload();
  }

  /** @param {import('./types.js').Device[]} devices */
  #show(devices) {
    const rows = this.#rows;
    this.#remove([...rows.values()].filter((row) => !devices.some(({ session_id }) => session_id === row.device.session_id)));
    this.#rows = new Map(devices.map((device) => {
      const row = rows.get(device.session_id) ?? deviceRow(device, {
        end: (ended) => this.#end(ended),
        rename: (renamed, name) => this.#rename(renamed, name),
        failed: (error) => this.#failed(error),
      });
      row.device = device;
      return [device.session_id, row];
    }));
    this.#stage = 'shown';
    this.#error = null;
    this.#arrange([...this.#rows.values()].map(({ element }) => element));
    this.#draw();
    say(this.#status, devices.length < 2 ? this.#language.texts.alone : '');
  }

  /** The row that holds the focus stays where it is, and the others move around it: an element that is moved loses the focus. @param {HTMLLIElement[]} elements */
  #arrange(elements) {
    const active = this.shadowRoot?.activeElement ?? null;
    const held = elements.findIndex((element) => element.contains(active));
    if (held < 0) return this.#list.replaceChildren(...elements);
    elements[held].before(...elements.slice(0, held));
    elements[held].after(...elements.slice(held + 1));
  }

  /** @param {Row} row */
  async #end(row) {
    const { session_id: sessionId, current = false } = row.device;
    await this.#auth?.sessions.end(sessionId).catch((error) => {
      if (error.status !== 404) throw error;   // it is over already
    });
    if (!current) {
      this.#remove([row]);
      say(this.#status, this.#language.texts.ended(row.name));
    }
    this.#fire('symbolon-device-ended', { sessionId, current });
  }

  async #endOthers() {
    const rows = [...this.#rows.values()].filter(({ device }) => !device.current);
    await this.#auth?.logout({ scope: 'others' });
    this.#remove(rows);
    say(this.#status, this.#language.texts.othersEnded(rows.length));
    this.#fire('symbolon-others-ended', { count: rows.length });
  }

  /** @param {Row} row @param {string} name */
  async #rename(row, name) {
    const { session_id: sessionId, device } = row.device;
    await this.#auth?.sessions.rename(sessionId, name);
    row.device = { ...row.device, device: { ...device, name } };
    this.#error = null;
    this.#draw();
    say(this.#status, this.#language.texts.renamed(name));
    this.#fire('symbolon-device-renamed', { sessionId, name });
  }

  /** Takes rows out; the focus goes to what is next in the list, else to the title. @param {Row[]} gone */
  #remove(gone) {
    const held = this.shadowRoot?.activeElement ?? null;
    const all = [...this.#rows.values()];
    const at = all.findIndex(({ element }) => element.contains(held));
    for (const row of gone) {
      this.#rows.delete(row.device.session_id);
      row.element.remove();
    }
    this.#error = null;
    this.#draw();
    if (held && (at < 0 ? this.#others.hidden : gone.includes(all[at]))) {
      const next = at < 0 ? null : [...all.slice(at + 1), ...all.slice(0, at).reverse()].find((row) => this.#rows.has(row.device.session_id));
      (next?.place ?? this.#title).focus();   // not the next "sign out": a key held too long must not use it
    }
  }

  /** @param {unknown} error @param {boolean} [loading] */
  #failed(error, loading = false) {
    this.#error = error;
    this.#stage = loading && !this.#rows.size ? 'failed' : this.#stage;
    this.#draw();
    this.#fire('symbolon-devices-error', { error });
  }

  /** @param {string} type @param {object} detail */
  #fire(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }

  /** The nearest `lang`, across shadow roots. */
  get #language() {
    /** @type {Element | null} */
    let element = this;
    while (element) {
      const named = element.closest('[lang]');
      if (named) return textsFor(named.getAttribute('lang') ?? '');
      element = /** @type {ShadowRoot} */ (element.getRootNode()).host ?? null;
    }
    return textsFor(globalThis.navigator?.language ?? 'en');
  }

  /** By the token: when the server issued it, and when it came. */
  get #serverNow() {
    const { session } = this.#auth?.state ?? {};
    const skew = session ? session.claims.iat * 1000 - session.receivedAt : 0;
    return Date.now() + (skew || 0);   // without the claim it is no number
  }

  #draw() {
    const language = this.#language;
    const { texts, tag } = language;
    const rows = [...this.#rows.values()];
    this.#card.lang = tag;
    this.#title.setAttribute('aria-level', /^[1-6]$/.test(this.getAttribute('heading-level') ?? '') ? /** @type {string} */ (this.getAttribute('heading-level')) : '2');
    say(this.#title, texts.title);
    say(this.#others, texts.others);
    say(this.#again, texts.again);
    this.#others.hidden = !rows.some(({ device }) => !device.current);
    this.#card.setAttribute('aria-busy', String(this.#stage === 'loading'));
    // What was seen last bounds "now" from below: nothing was seen in the future.
    const now = Math.max(this.#serverNow, ...rows.map(({ device }) => Date.parse(device.last_seen_at)));
    for (const row of rows) row.show(row.device, language, now);
    if (this.#stage === 'loading' || this.#stage === 'signedOut') say(this.#status, this.#stage === 'loading' ? texts.loading : texts.signedOut);
    else if (this.#stage === 'failed') say(this.#status, '');
    const hadFocus = !this.#error && this.#alert.contains(this.shadowRoot?.activeElement ?? null);
    this.#alert.hidden = !this.#error;
    if (hadFocus) this.#title.focus();
    say(this.#problem, !this.#error ? '' : navigator.onLine ? texts.failed : texts.offline);
  }
}

if (globalThis.customElements && !customElements.get('symbolon-devices')) customElements.define('symbolon-devices', SymbolonDevices);
