/**
 * Tokens that passed, so that a signature is checked once. Bounded: the one held longest makes room, whatever it says of its own life.
 * Only tokens that passed are taken in, so nobody without signed tokens can fill it.
 */

/** Longer ones are verified each time: so the number of tokens bounds the memory. */
const MAX_LENGTH = 4 * 1024;

export class RememberedTokens {
  /** @type {Map<string, import('./authenticate.js').AuthenticToken>} */
  #tokens = new Map();
  #capacity;

  /** @param {number} capacity  0 remembers nothing */
  constructor(capacity) {
    this.#capacity = capacity;
  }

  /** @param {string} token */
  find(token) {
    return this.#tokens.get(token);
  }

  /** @param {string} token @param {import('./authenticate.js').AuthenticToken} authentic */
  add(token, authentic) {
    if (this.#capacity === 0 || token.length > MAX_LENGTH || this.#tokens.has(token)) return;
    if (this.#tokens.size >= this.#capacity) this.#tokens.delete(/** @type {string} */ (this.#tokens.keys().next().value));
    this.#tokens.set(token, authentic);
  }
}
