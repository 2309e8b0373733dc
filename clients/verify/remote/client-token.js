/** This verifier's own access token for the feed, by `client_credentials` (RFC 6749 §4.4): kept until shortly before it expires. */

import { count, parseObject, text } from '../token/strict-json.js';
import { RemoteError } from './http.js';
import { Turn } from './waiting.js';

const MAX_ANSWER = 64 * 1024, MAX_DEPTH = 32, ANSWERS_WITHIN = 3000, NOT_AGAIN_WITHIN = 1000;

/** @typedef {{ clientId: string, secret: string, tokenUri: string }} Credential */

/** The credential as a header; both parts are form-urlencoded (RFC 6749 §2.3.1). @param {Credential} credential */
export const basic = ({ clientId, secret }) => `Basic ${Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`).toString('base64')}`;

export class ClientToken {
  #credential;
  #http;
  #turn = new Turn();
  /** @type {{ token: string, askedAt: number, use: number } | null} */
  #held = null;
  /** @type {{ message: string, at: number } | null} */
  #failed = null;

  /** @param {Credential} credential @param {import('./http.js').Http} http */
  constructor(credential, http) {
    this.#credential = credential;
    this.#http = http;
  }

  /** The token. Without one it throws a RemoteError that says why, without the secret. @param {AbortSignal} signal @returns {Promise<string>} */
  async get(signal) {
    return this.#fresh() ?? this.#turn.take(() => this.#renew(signal));
  }

  /** The authority refused this token: another is asked for, but not when this one is new. @param {string} token @returns whether trying again may help */
  refuse(token) {
    if (this.#held?.token !== token) return true;
    if (performance.now() - this.#held.askedAt < NOT_AGAIN_WITHIN) return false;
    this.#held = null;
    return true;
  }

  #fresh() {
    return this.#held && performance.now() - this.#held.askedAt < this.#held.use ? this.#held.token : null;
  }

  /** @param {AbortSignal} signal */
  async #renew(signal) {
    const newer = this.#fresh();
    if (newer !== null) return newer;
    if (this.#failed && performance.now() - this.#failed.at < NOT_AGAIN_WITHIN) throw new RemoteError(this.#failed.message);
    try {
      this.#held = await this.#ask(signal);
      this.#failed = null;
      return this.#held.token;
    } catch (error) {
      if (error instanceof RemoteError && !signal.aborted) this.#failed = { message: error.message, at: performance.now() };
      throw error;
    }
  }

  /** @param {AbortSignal} signal */
  async #ask(signal) {
    const { clientId, tokenUri } = this.#credential;
    const askedAt = performance.now();
    const question = {
      method: 'POST',
      headers: { authorization: basic(this.#credential), 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials&scope=revocations',
    };
    const { status, body } = await this.#http.ask(tokenUri, question, { maxLength: MAX_ANSWER, within: ANSWERS_WITHIN, signal });
    if ([400, 401, 403].includes(status))
      throw new RemoteError(`${tokenUri} gives the client '${clientId}' no token (${status}). Check its id and secret, and that its scopes at the authority include 'revocations'.`);
    if (status !== 200) throw new RemoteError(`${tokenUri} answered ${status}.`);
    const json = parseObject(body, MAX_DEPTH);
    const token = json && text(json, 'access_token');
    if (!json || !token || !/^[!-~]+$/.test(token)) throw new RemoteError(`${tokenUri} answered something else than a token response.`);
    const life = Math.min(count(json, 'expires_in') ?? 60, 86_400) * 1000;
    return { token, askedAt, use: life * 0.8 };
  }
}
