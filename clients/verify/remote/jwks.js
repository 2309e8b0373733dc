/** An issuer's published keys, kept in memory: renewed in the background, and once in ten seconds when a token names one that is missing. Keeps what it has while the issuer is away. */

import { FormatError } from '../revocation/page.js';
import { ViewAge } from '../revocation/view-age.js';
import { parseObject, text } from '../token/strict-json.js';
import { RemoteError, isAllowedAddress, why } from './http.js';
import { MAX_SET, readJwks } from './jwk-set.js';
import { BackOff, deferred, sleep } from './waiting.js';

const ON_DEMAND_EVERY = 10_000, ANSWERS_WITHIN = 3000, KEPT_AT_LEAST = 60, KEPT_AT_MOST = 300, ADDRESS_KEPT = 3_600_000, MAX_METADATA = 256 * 1024, MAX_DEPTH = 32;

/** @typedef {import('../token/authenticate.js').Keys} Keys */

export class JwksSource {
  #with;
  #age;
  #published = '';
  /** @type {Keys} */
  #read = new Map();
  /** @type {Set<string>} */
  #removed = new Set();
  /** @type {Promise<number | null> | null} */
  #fetching = null;
  #demandedAt = -Infinity;
  /** @type {{ address: string, at: number } | null} */
  #found = null;
  #first = /** @type {ReturnType<typeof deferred<void>>} */ (deferred());
  /** Done when the issuer was asked once, whatever came of it. */
  firstAsked = this.#first.promise;
  /** The keys believed now; null when there are none yet. The same map for as long as they are the same: what is remembered of tokens lives as long as that. @type {Keys | null} */
  current = null;

  /** @param {import('./sources.js').Context} context */
  constructor(context) {
    this.#with = context;
    this.#age = new ViewAge(context.now);
    this.#age.setCurrentAt(this.#age.mark()); // from now on somebody asks
  }

  /** In milliseconds, since the keys were read last. */
  get age() {
    return this.#age.value;
  }

  /** Renews the keys until it is aborted. @param {AbortSignal} signal */
  async run(signal) {
    const { initialJwks, deriveKeyAlgorithms, log } = this.#with;
    if (initialJwks !== undefined) {
      try {
        this.#publish(await readJwks(initialJwks, deriveKeyAlgorithms));
      } catch (error) {
        log.error(`initialJwks is refused: ${why(error)}`);
      }
    }

    const backOff = new BackOff(1000, 30_000);
    while (!signal.aborted) {
      const keep = await (this.#fetching ?? this.#begin(signal));
      this.#first.resolve();
      if (keep !== null) backOff.reset();
      await sleep(keep === null ? backOff.next() : keep * 1000, signal);
    }
  }

  /** Newer keys, as a token names one that is missing: one fetch, shared by all who wait, at most once in ten seconds. @returns {Promise<Keys | null>} */
  async refresh() {
    if (this.#fetching === null) {
      if (performance.now() - this.#demandedAt < ON_DEMAND_EVERY) return this.current;
      this.#demandedAt = performance.now();
    }

    await (this.#fetching ?? this.#begin());
    return this.current;
  }

  /** Never believes these keys again, whatever is published, and looks for their successors at once. @param {string[]} kids */
  remove(kids) {
    const before = this.#removed.size;
    kids.forEach((kid) => this.#removed.add(kid));
    if (this.#removed.size === before || this.current === null) return;
    this.#believe();
    this.#demandedAt = -Infinity; // the issuer may publish a moment after it has removed: then the first new token asks again
    if (this.#fetching === null) this.#begin();
  }

  /** @param {AbortSignal} [signal] */
  #begin(signal) {
    const fetching = this.#fetch(signal).finally(() => (this.#fetching = null));
    return (this.#fetching = fetching);
  }

  /** How long the keys may be kept, in seconds; null when there are no newer ones. Never throws. @param {AbortSignal} [signal] */
  async #fetch(signal) {
    const { http, log, deriveKeyAlgorithms } = this.#with;
    const asked = this.#age.mark();
    try {
      const address = await this.#address(signal);
      const answer = await http.ask(address, {}, { maxLength: MAX_SET, within: ANSWERS_WITHIN, signal });
      if (answer.status !== 200) throw new RemoteError(`${address} answered ${answer.status}.`);
      if (this.#publish(await readJwks(answer.body, deriveKeyAlgorithms))) log.info(`${this.current?.size} verification keys are known.`);
      this.#age.setCurrentAt(asked);
      return Math.min(KEPT_AT_MOST, Math.max(KEPT_AT_LEAST, answer.maxAge ?? KEPT_AT_MOST));
    } catch (error) {
      this.#found = null;
      if (!signal?.aborted) log.warn(`The issuer's keys cannot be had; ${this.current?.size ?? 0} stay in force: ${why(error)}`);
      return null;
    }
  }

  /** Where the keys are: as configured, or as the issuer's metadata say (OpenID Connect Discovery 1.0 §4, RFC 8414 §3). @param {AbortSignal} [signal] */
  async #address(signal) {
    const { jwksUri, metadataUri, issuer, http, allowHttp } = this.#with;
    if (jwksUri !== undefined) return jwksUri;
    if (this.#found && performance.now() - this.#found.at < ADDRESS_KEPT) return this.#found.address;
    const answer = await http.ask(metadataUri, {}, { maxLength: MAX_METADATA, within: ANSWERS_WITHIN, signal });
    if (answer.status !== 200) throw new RemoteError(`${metadataUri} answered ${answer.status}.`);
    const json = parseObject(answer.body, MAX_DEPTH);
    if (json === null || text(json, 'issuer') !== issuer) throw new FormatError(`The metadata at ${metadataUri} are not those of the issuer ${issuer}: their 'issuer' must be exactly that.`);
    const named = text(json, 'jwks_uri');
    if (named === undefined || !isAllowedAddress(named, allowHttp)) throw new FormatError(`The metadata at ${metadataUri} have no 'jwks_uri' with https.`);
    const address = new URL(named).href; // as it is asked: line breaks in it would end up in the log
    this.#found = { address, at: performance.now() };
    return address;
  }

  /** @param {{ published: string, keys: Keys }} read @returns whether they are others than before */
  #publish({ published, keys }) {
    if (this.current !== null && published === this.#published) return false;
    [this.#published, this.#read] = [published, keys];
    this.#believe();
    return true;
  }

  #believe() {
    this.current = new Map([...this.#read].filter(([kid]) => !this.#removed.has(kid)));
  }
}
