/** Checks access tokens: locally, from memory, and only where a route demands it by asking. The one way to a verdict. DESIGN §5. */

import { VerifyError } from './problems.js';
import { authenticate } from './token/authenticate.js';
import { checkNow } from './token/check-now.js';
import { RememberedTokens } from './token/remembered.js';

/**
 * @typedef {import('./demand.js').Demand} Demand
 * @typedef {import('./token/authenticate.js').AuthenticToken} AuthenticToken
 * @typedef {import('./token/authenticate.js').Keys} Keys
 * @typedef {{ keys: Keys, tokens: RememberedTokens }} Memory
 */

export class TokenCheck {
  #settings;
  #sources;
  /** What is remembered under one set of keys; other keys need another memory. @type {Memory | null} */
  #memory = null;

  /** @param {import('./options.js').Settings} settings @param {ReturnType<typeof import('./remote/sources.js').startSources>} sources */
  constructor(settings, sources) {
    this.#settings = settings;
    this.#sources = sources;
  }

  /** The token when it passed; else it throws a VerifyError. @param {string} token @param {Demand} demand @returns {Promise<{ authentic: AuthenticToken, isLive: boolean }>} */
  async check(token, demand) {
    const keys = this.#sources.keys.current;
    let memory = keys && this.#memoryOf(keys);
    let found = memory && (await this.#authentic(token, memory));
    if (memory === null || found === null || found === 'token_key') {
      const newer = await this.#sources.keys.refresh();
      if (newer === null) throw new VerifyError('unavailable');
      memory = this.#memoryOf(newer);
      found = await this.#authentic(token, memory);
    }

    if (typeof found === 'string') throw new VerifyError(found);
    return this.#standing(token, found, demand, memory);
  }

  /** @param {Keys} keys @returns {Memory} */
  #memoryOf(keys) {
    if (this.#memory?.keys !== keys) this.#memory = { keys, tokens: new RememberedTokens(this.#settings.rememberedTokens) };
    return this.#memory;
  }

  /** @param {string} token @param {Memory} memory @returns {Promise<AuthenticToken | string>} */
  async #authentic(token, { keys, tokens }) {
    return tokens.find(token) ?? authenticate(token, keys, this.#settings);
  }

  /** @param {string} token @param {AuthenticToken} authentic @param {Demand} demand @param {Memory} memory  of the keys that it was authenticated with: there may be others by now */
  async #standing(token, authentic, demand, memory) {
    const { feed } = this.#sources;
    const { mode, maxStaleness, whenStale } = demand;
    // In one go, without a wait between: what is revoked, and how old the knowledge of it is.
    const isCurrent = feed !== null && feed.age <= maxStaleness * 1000;
    const refused = checkNow(authentic, this.#settings, mode === 'offline' ? null : (feed?.denylist ?? null), this.#settings.now());
    if (refused) throw new VerifyError(refused.code, refused);
    memory.tokens.add(token, authentic); // not what is expired or revoked: it would take the place of a token that is of use
    if (mode === 'live') return this.#ask(token, authentic, 'unavailable');
    if (mode === 'offline' || isCurrent || whenStale === 'allow') return { authentic, isLive: false };
    if (whenStale === 'ask') return this.#ask(token, authentic, 'view_stale');
    throw new VerifyError('view_stale');
  }

  /** @param {string} token @param {AuthenticToken} authentic @param {string} unanswered */
  async #ask(token, authentic, unanswered) {
    const answer = this.#sources.live === null ? 'unavailable' : await this.#sources.live.ask(token, authentic.claims);
    if (answer === 'unavailable') throw new VerifyError(unanswered);
    if (answer.code !== undefined) throw new VerifyError(answer.code, answer);
    return { authentic, isLive: true };
  }
}
