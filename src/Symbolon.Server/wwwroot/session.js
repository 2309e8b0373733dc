import { bodyOf, send, Unreachable } from './api.js';
import { heldFrom, isNewer } from './held.js';
import { exchange } from './refresh.js';
import { backOff } from './renewal.js';
import { attempt, marker, unfinishedSignOut } from './storage.js';
import { finishSignOut } from './sign-out.js';
import { oneTabAtATime, onTabs, tellTabs } from './tabs.js';

const TABS_ANSWER_WITHIN_MS = 100;

/**
 * The session of this browser: the access token in memory, the refresh token in an HttpOnly cookie that no script can read.
 * Fires "change" whenever something has changed that a view shows.
 */
export class Session extends EventTarget {
  /** @type {import('./held.js').Held | null} */ #held = null;
  /** @type {Promise<void> | null} */ #refreshing = null;
  #failures = 0;
  #notBefore = 0;
  #toldToWait = false;

  /** @type {"loading" | "anonymous" | "active"} "active" without times: signed in, but the server cannot be reached */
  status = 'loading';
  /** @type {string | null} why the last session ended */
  reason = null;
  /** @type {"server" | "tab"} where the present access token came from */
  source = 'server';

  constructor() {
    super();
    onTabs((message) => this.#hear(message));
  }

  /** What this tab holds, without the token. */
  get times() {
    if (!this.#held) return null;
    const { token, ...times } = this.#held;
    return times;
  }

  /** When a failed refresh is tried again, ms of the local clock; null if all is well. */
  get retryAt() {
    return this.#failures > 0 ? this.#notBefore : null;
  }

  /** Goes on with the session of this browser. On a first visit there is none, and the server is asked nothing. */
  async start() {
    finishSignOut();
    if (marker.read()) await this.refresh();
    if (this.status === 'loading') this.#become(marker.read() ? 'active' : 'anonymous');
  }

  /**
   * Sends a request whose answer is a session: log-in, registration, change of password.
   * @param {string} path @param {object} body @param {string | null} [token]
   * @returns {Promise<boolean>} false if there is no session in the answer: a server may register without signing in
   * @throws {import('./api.js').Problem | Unreachable}
   */
  async begin(path, body, token) {
    return oneTabAtATime(async () => {
      const reply = await send('POST', path, { body, token });
      if (!bodyOf(reply).access_token) return false;
      unfinishedSignOut.clear();
      this.#keep(heldFrom(reply), 'signed-in');
      return true;
    });
  }

  /**
   * A protected call: with a fresh token, and if the server refuses that token, one refresh and one more try.
   * @param {string} method @param {string} path @param {{ body?: object }} [options]
   * @returns {Promise<import('./api.js').Reply>}
   */
  async call(method, path, options) {
    const token = await this.token();
    const reply = await send(method, path, { ...options, token });
    const tokenRefused = reply.status === 401 && /^(token|claims)_/.test(reply.problem?.code ?? '');
    if (!token || !tokenRefused) return reply;
    await this.refresh(token);
    const newer = this.#held?.token;
    return newer && newer !== token ? send(method, path, { ...options, token: newer }) : reply;
  }

  /** @returns {Promise<string | null>} an access token that has not expired; null if nobody is signed in @throws {Unreachable} */
  async token() {
    await this.renewIfDue();
    if (this.#held && Date.now() < this.#held.expiresAt) return this.#held.token;
    if (this.status === 'active') throw new Unreachable('The server cannot be reached');
    return null;
  }

  /**
   * Renews, once: callers that come together share one exchange.
   * @param {string} [ifToken] the token that was refused. If it is not the current one any more, there is nothing to do: this
   *   is what keeps fifty calls that fail one after the other from refreshing fifty times.
   * @returns {Promise<void>} never throws; look at the state afterwards
   */
  refresh(ifToken = this.#held?.token) {
    if (ifToken !== this.#held?.token) return Promise.resolve();
    this.#refreshing ??= this.#refresh().finally(() => { this.#refreshing = null; });
    return this.#refreshing;
  }

  async renewIfDue() {
    if (this.dueInMs() <= 0) await this.refresh();
  }

  /** A refresh that failed is owed: it is tried again after the pause, also when the access token is still good for long. */
  dueInMs() {
    if (this.status !== 'active') return Infinity;
    return (this.#failures > 0 ? this.#notBefore : this.#held?.renewAt ?? 0) - Date.now();
  }

  distrustClock() {
    if (this.#held) this.#held.renewAt = 0;
  }

  /** After a sleep: has another tab signed out meanwhile, is the network back, does a sign-out still wait for the server? */
  wake() {
    if (!this.#toldToWait) this.#notBefore = 0;
    if (this.status === 'active' && !marker.read()) this.end('logout');
    finishSignOut();
  }

  /**
   * Forgets the session, in all tabs. What the server has to be told is the caller's business.
   * @param {string} reason @param {string} [sid]
   */
  end(reason, sid = this.#held?.sid ?? marker.read()?.sid) {
    if (marker.read()?.sid === sid) {
      marker.clear();
      attempt.clear();
    }
    this.#become('anonymous', null, reason);
    tellTabs({ type: 'signed-out', sid, reason });
  }

  async #refresh() {
    const stale = this.#held;
    let outcome = await oneTabAtATime(() => this.#takeOrExchange(stale));
    if (outcome.kind === 'ask-again') {
      // Another tab was quicker. By then its cookie is in the jar, and perhaps it has told us its token.
      await new Promise((resolve) => setTimeout(resolve, outcome.retryAfterMs));
      outcome = await oneTabAtATime(() => this.#takeOrExchange(stale));
    }
    if (outcome.kind === 'settled') return;
    // Temporary: the session is kept, and an access token that is still valid goes on being used.
    this.#notBefore = Date.now() + (outcome.retryAfterMs ?? backOff(this.#failures));
    this.#toldToWait = outcome.retryAfterMs !== null;
    this.#failures++;
    this.#become('active', this.#held);
  }

  /**
   * Under the lock: takes a newer token from another tab, or else asks the server.
   * @param {import('./held.js').Held | null} stale  what was to be renewed, before we waited for the lock
   */
  async #takeOrExchange(stale) {
    if (this.#held !== stale) return { kind: 'settled' };
    const presented = marker.read();
    if (!presented) {
      this.end('logout');
      return { kind: 'settled' };
    }
    await this.#askTabs(presented);
    if (this.#held !== stale) return { kind: 'settled' };

    const outcome = await exchange(presented);
    if (outcome.kind === 'over') this.end(outcome.reason, presented.sid);
    else if (outcome.kind === 'renewed') this.#accept(heldFrom(outcome.reply));
    else return outcome;
    return { kind: 'settled' };
  }

  /** An answer counts only if nobody has signed out, or in as someone else, while it was under way. */
  #accept(held) {
    const now = marker.read();
    if (now?.sid === held.sid && held.generation >= now.generation) this.#keep(held, 'renewed');
  }

  /** @param {import('./held.js').Held} held from the server @param {"signed-in" | "renewed"} type */
  #keep(held, type) {
    marker.write(held);
    attempt.clear();
    this.source = 'server';
    this.#become('active', held);
    tellTabs({ type, held });
  }

  /** Waits a moment for another tab's newer token, which comes as an ordinary "renewed" message. */
  #askTabs({ sid }) {
    const generation = this.#held?.sid === sid ? this.#held.generation : -1;
    tellTabs({ type: 'newer?', sid, generation });
    return new Promise((resolve) => {
      setTimeout(resolve, TABS_ANSWER_WITHIN_MS);
      this.addEventListener('change', resolve, { once: true });
    });
  }

  /** @param {import('./tabs.js').Message} message */
  #hear(message) {
    const mine = this.#held;
    if (message.type === 'newer?') {
      const newer = mine?.sid === message.sid && mine.generation > message.generation && Date.now() < mine.renewAt;
      if (newer) tellTabs({ type: 'renewed', held: mine });
    } else if (message.type === 'signed-out') {
      if (this.status === 'active' && (!mine || mine.sid === message.sid)) this.#become('anonymous', null, message.reason);
    } else if (message.type === 'signed-in' || (isNewer(message.held, mine) && marker.read()?.sid === message.held.sid)) {
      this.source = 'tab';
      this.#become('active', message.held);
    }
  }

  #become(status, held = null, reason = null) {
    if (held !== this.#held || status === 'anonymous') [this.#failures, this.#notBefore] = [0, 0];
    this.status = status;
    this.reason = reason;
    this.#held = held;
    this.dispatchEvent(new Event('change'));
  }
}
