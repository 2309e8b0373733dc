/** Speaks to the feed: pages, the stream, acknowledgements. Holds no state but its token. */

import { FormatError, MAX_PAGE, readPage } from '../revocation/page.js';
import { count, parseObject, text } from '../token/strict-json.js';
import { RemoteError, below } from './http.js';

const MAX_ANSWER = 64 * 1024, MAX_DEPTH = 32, PAGE_WITHIN = 10_000, ANSWERS_WITHIN = 2000;

/** @typedef {{ verifier: string, instance: string, timeline: string, seq: number, max_staleness: number, when_stale: string, leaving?: true }} Acknowledgement */

export class FeedClient {
  #feed;
  #token;
  #http;

  /** @param {string} feed @param {import('./client-token.js').ClientToken} token @param {import('./http.js').Http} http */
  constructor(feed, token, http) {
    this.#feed = feed;
    this.#token = token;
    this.#http = http;
  }

  /**
   * Reads a page; null when the log no longer has what follows that number.
   * @param {number | null} since  null for a snapshot @param {AbortSignal} signal
   */
  async read(since, signal) {
    const address = since === null ? this.#feed : `${this.#feed}?since=${since}`;
    const answer = await this.#ask(address, {}, { maxLength: MAX_PAGE, within: PAGE_WITHIN, signal });
    if (answer.status === 410) return null;
    if (answer.status !== 200) throw this.#unexpected(answer.status);
    const page = readPage(answer.body);
    if (page.since !== since) throw new FormatError('The page does not begin where it was asked to.');
    return page;
  }

  /** Opens the stream after a number; null when the log no longer has what follows it. @param {string} timeline @param {number} after @param {AbortSignal} signal */
  async open(timeline, after, signal) {
    const address = below(this.#feed, `/stream?timeline=${encodeURIComponent(timeline)}`);
    const headers = { 'last-event-id': `${after}`, accept: 'text/event-stream' };
    /** @type {Response} */
    const response = await this.#send((authorization) => this.#http.open(address, { headers: { ...headers, authorization } }, signal), signal);
    if (response.status === 200 && /^text\/event-stream\s*(;|$)/i.test(response.headers.get('content-type') ?? '') && response.body)
      return /** @type {AsyncIterable<Uint8Array>} */ (/** @type {unknown} */ (response.body));
    await response.body?.cancel().catch(() => {});
    if (response.status === 410) return null;
    throw response.status === 200 ? new FormatError('The stream is not an event stream.') : this.#unexpected(response.status);
  }

  /** Acknowledges, and learns what is newest. @param {Acknowledgement} ack @param {AbortSignal} [signal] @returns {Promise<{ timeline: string, seq: number }>} */
  async acknowledge(ack, signal) {
    const question = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(ack) };
    const answer = await this.#ask(below(this.#feed, '/ack'), question, { maxLength: MAX_ANSWER, within: ANSWERS_WITHIN, signal });
    if (answer.status !== 200) throw this.#unexpected(answer.status);
    const json = parseObject(answer.body, MAX_DEPTH);
    const [timeline, seq] = json ? [text(json, 'timeline'), count(json, 'seq')] : [];
    if (timeline === undefined || seq === undefined) throw new FormatError("The acknowledgement's answer is not JSON with 'timeline' and 'seq'.");
    return { timeline, seq };
  }

  /** @param {string} address @param {import('./http.js').Question} question @param {{ maxLength: number, within: number, signal?: AbortSignal }} bounds @returns {Promise<import('./http.js').Answer>} */
  #ask(address, question, bounds) {
    return this.#send((authorization) => this.#http.ask(address, { ...question, headers: { ...question.headers, authorization } }, bounds), bounds.signal);
  }

  /**
   * A token that is refused is replaced once: it may have expired early, or its key may be gone.
   * @template {{ status: number }} T
   * @param {(authorization: string) => Promise<T>} send @param {AbortSignal} [signal]
   * @returns {Promise<T>}
   */
  async #send(send, signal = new AbortController().signal) {
    const bearer = await this.#token.get(signal);
    const answer = await send(`Bearer ${bearer}`);
    if (answer.status !== 401 || !this.#token.refuse(bearer)) return answer;
    if (answer instanceof Response) await answer.body?.cancel().catch(() => {});
    return send(`Bearer ${await this.#token.get(signal)}`);
  }

  /** @param {number} status */
  #unexpected(status) {
    return new RemoteError(`${this.#feed} answered ${status}.`);
  }
}
