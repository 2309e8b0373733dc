/**
 * Asks the authority whether a token counts now, by introspection (RFC 7662): one question at a time about each token, so many at once, and none for a moment after several
 * that were not answered. An answer is never older than the question: a request that comes while one is under way shares the next.
 */

import { knownReason } from '../problems.js';
import { member, parseObject, text } from '../token/strict-json.js';
import { basic } from './client-token.js';
import { RemoteError, why } from './http.js';
import { deferred, within } from './waiting.js';

const MAX_ANSWER = 64 * 1024, MAX_DEPTH = 32, MOST_AT_ONCE = 64, MOST_TOKENS = 4096, FAILURES_UNTIL_PAUSE = 3;
const ANSWERS_WITHIN = 2000, WAITS_AT_MOST = 2 * ANSWERS_WITHIN, PAUSE = 1000;

/**
 * @typedef {import('../token/claims.js').Claims} Claims
 * @typedef {{ code?: string, reason?: string } | 'unavailable'} LiveAnswer  without a code the session is alive and its claims are current
 * @typedef {ReturnType<typeof deferred<LiveAnswer>>} Waiting
 */

export class LiveCheck {
  #with;
  #endpoint;
  #credential;
  /** Who waits for the next question about a token; null while its last one is under way. @type {Map<string, { next: Waiting | null }>} */
  #asked = new Map();
  #free = MOST_AT_ONCE;
  /** @type {(() => void)[]} */
  #queue = [];
  #failures = 0;
  #failedAt = 0;

  /** @param {string} endpoint @param {import('./client-token.js').Credential} credential @param {import('./sources.js').Context} context */
  constructor(endpoint, credential, context) {
    this.#endpoint = endpoint;
    this.#credential = credential;
    this.#with = context;
  }

  /** @param {string} token @param {Claims} claims @returns {Promise<LiveAnswer>} */
  async ask(token, claims) {
    let asking = this.#asked.get(token);
    if (!asking) {
      if (this.#isPausing || this.#asked.size >= MOST_TOKENS) return 'unavailable';
      this.#asked.set(token, (asking = { next: null }));
      asking.next = deferred();
      void this.#askUntilNobodyWaits(token, claims, asking);
    }

    asking.next ??= deferred();
    // The authority may answer, but slowly, and too many may be before.
    return within(asking.next.promise, WAITS_AT_MOST, () => /** @type {LiveAnswer} */ ('unavailable'));
  }

  get #isPausing() {
    return this.#failures >= FAILURES_UNTIL_PAUSE && performance.now() - this.#failedAt < PAUSE;
  }

  /** @param {string} token @param {Claims} claims @param {{ next: Waiting | null }} asking */
  async #askUntilNobodyWaits(token, claims, asking) {
    while (asking.next) {
      await this.#place();
      const waiting = asking.next;
      asking.next = null;
      waiting.resolve(this.#isPausing ? 'unavailable' : await this.#send(token, claims));
      this.#leave();
    }

    this.#asked.delete(token);
  }

  async #place() {
    if (this.#free > 0) this.#free--;
    else await new Promise((/** @type {(value: void) => void} */ resolve) => this.#queue.push(resolve));
  }

  #leave() {
    const next = this.#queue.shift();
    if (next) next();
    else this.#free++;
  }

  /** Never throws: somebody waits for it, and others for the place. @param {string} token @param {Claims} claims @returns {Promise<LiveAnswer>} */
  async #send(token, claims) {
    const { clientId } = this.#credential;
    try {
      const question = {
        method: 'POST',
        headers: { authorization: basic(this.#credential), 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ token, token_type_hint: 'access_token' }).toString(),
      };
      const { status, body } = await this.#with.http.ask(this.#endpoint, question, { maxLength: MAX_ANSWER, within: ANSWERS_WITHIN });
      if (status === 401 || status === 403) throw new RemoteError(`${this.#endpoint} refuses the client '${clientId}' (${status}). Check its secret and scopes.`);
      if (status !== 200) throw new RemoteError(`${this.#endpoint} answered ${status}.`);
      const answer = readAnswer(body, claims);
      if (answer === null) throw new RemoteError(`${this.#endpoint} answered something else than what RFC 7662 says, or about another token.`);
      this.#failures = 0;
      return answer;
    } catch (error) {
      this.#failedAt = performance.now();
      if (++this.#failures % FAILURES_UNTIL_PAUSE === 1) this.#with.log.warn(`A live question was not answered: ${why(error)}`);
      return 'unavailable';
    }
  }
}

/** What an answer says about a token; null when it is not an answer about this token. @param {Uint8Array} body @param {Claims} claims @returns {LiveAnswer | null} */
export function readAnswer(body, claims) {
  const json = parseObject(body, MAX_DEPTH);
  if (json === null) return null;
  const active = member(json, 'active');
  if (active === false) {
    const code = text(json, 'code');
    return { code: code === 'claims_stale' || code === 'token_expired' ? code : 'token_revoked', reason: knownReason(text(json, 'reason')) };
  }

  // An authority need not say these (RFC 7662 §2.2); but what it says must be about this token.
  const agrees = ['sub', 'jti', 'sid'].every((name) => !Object.hasOwn(json, name) || json[name] === claims[name]);
  return active === true && agrees ? {} : null;
}
