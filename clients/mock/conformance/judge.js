/**
 * One scenario's view of the client, the mock and the clock. The mock's log judges; what a client does not offer is not held against its other answers.
 *
 * @typedef {object} Client  what an adapter's `create({ url, now })` gives
 * @property {(user: string, password: string) => Promise<unknown>} login
 * @property {(path: string) => Promise<{ status: number }>} call  a GET of the application's, to a path of `url` or to an absolute address
 * @property {() => Promise<unknown>} [logout]
 * @property {() => Promise<ClientState> | ClientState} [state]
 * @property {(isOnline: boolean) => Promise<unknown> | unknown} [online]  tells it what a browser is told when the network goes and comes back
 * @property {boolean} [usesNow]  whether it goes by the clock that it was given, or by none; else scenarios that move its clock are not offered
 * @property {() => Promise<unknown> | unknown} [close]
 *
 * @typedef {{ signedIn: boolean, reason?: string }} ClientState
 * @typedef {{ name: string, passed: boolean | null, detail?: string }} Check  null: not offered
 */

/** Thrown to leave a scenario that the client cannot play. */
export class NotOffered extends Error {}

/** Where clients exchange a refresh token. */
const REFRESHES = ['/auth/refresh', '/oauth/token'];
const PATIENCE = 10_000, STEP = 50;

export class Judge {
  /** @type {Check[]} */
  checks = [];
  /** Figures beside the verdict, such as the wall time. @type {Record<string, number>} */
  figures = {};
  #time;
  #since = 0;

  /** @param {import('../control.js').MockControl} mock @param {Client} client @param {{ offset: number }} time */
  constructor(mock, client, time) {
    this.mock = mock;
    this.client = client;
    this.#time = time;
  }

  /** @param {string} name @param {boolean} passed @param {string | number} [detail] */
  check(name, passed, detail) {
    this.checks.push({ name, passed, ...(passed || detail === undefined ? {} : { detail: `${detail}` }) });
  }

  /** Whether the client says that somebody is signed in, and why not. @param {string} name @param {boolean} signedIn @param {string} [reason] */
  async checkState(name, signedIn, reason) {
    if (!this.client.state) return void this.checks.push({ name, passed: null });
    const state = await this.client.state();
    const isRight = state.signedIn === signedIn && (reason === undefined || state.reason === reason);
    this.check(name, isRight, `${state.signedIn ? 'signed in' : 'signed out'}${state.reason ? ` (${state.reason})` : ''}`);
  }

  needsLogout() {
    if (!this.client.logout) throw new NotOffered('logout');
    return this.client.logout.bind(this.client);
  }

  needsClock() {
    if (!this.client.usesNow) throw new NotOffered('a clock of its own');
  }

  /** The status; 0 when the call failed in another way. @param {string} path */
  async call(path = '/api/orders') {
    try {
      return (await this.client.call(path)).status;
    } catch {
      return 0;
    }
  }

  /** The network goes, or is back; who does not listen to that learns it from calls. @param {boolean} isOnline */
  async online(isOnline) {
    await this.client.online?.(isOnline);
  }

  /** @param {number} count @param {string} [path] */
  calls(count, path) {
    return Promise.all(Array.from({ length: count }, () => this.call(path)));
  }

  /** From here on the log counts. */
  async mark() {
    this.#since = (await this.entries(0)).at(-1)?.n ?? 0;
  }

  /** What was asked since the mark. @param {number} [since] */
  async entries(since = this.#since) {
    return (await this.mock.log.entries({ since })).filter(({ n }) => n > since);
  }

  /** Exchanges since the mark; those that were answered with tokens, or all. @param {{ ok?: boolean }} [which] */
  async refreshes({ ok = false } = {}) {
    return (await this.entries()).filter(({ method, path, status }) => method === 'POST' && REFRESHES.includes(path) && (!ok || status === 200));
  }

  /** A fault of every exchange. @param {Omit<import('../control.js').Fault, 'path'>} fault */
  async refreshFault(fault) {
    for (const path of REFRESHES) await this.mock.faults.add({ ...fault, method: 'POST', path });
  }

  /** Time passes for both sides. @param {number} seconds */
  async pass(seconds) {
    await this.mock.clock.advance(seconds);
    this.#time.offset += seconds * 1000;
  }

  /** The client's clock is set, and the server's is not. @param {number} seconds */
  skew(seconds) {
    this.#time.offset += seconds * 1000;
  }

  /** Waits for a condition, with a bound. @param {() => Promise<boolean>} condition */
  async until(condition) {
    for (const end = performance.now() + PATIENCE; performance.now() < end; await new Promise((resolve) => setTimeout(resolve, STEP))) {
      if (await condition()) return true;
    }

    return false;
  }

  /** Whether the account's newest session is alive at the server. */
  async isAlive() {
    return (await this.mock.state()).sessions.some(({ live }) => live);
  }

  /** Whether the server has ended a session as stolen. */
  async sawTheft() {
    return (await this.mock.state()).sessions.some(({ reason }) => reason === 'refresh_reuse');
  }
}
