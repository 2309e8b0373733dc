/** Acknowledges what is applied, each second (more often where a route's staleness bound is short) and at once when somebody waits for it; the answers prove that the view is current. */

import { randomUUID } from 'node:crypto';
import { why } from './http.js';
import { deferred, sleep } from './waiting.js';

const LONGEST = 1000, SHORTEST = 100;

/** How often, in milliseconds: four times within the shortest staleness bound, so that one answer may be late and none is missed. @param {number} staleness */
export const every = (staleness) => Math.min(LONGEST, Math.max(SHORTEST, staleness / 4));

export class Acknowledger {
  #feed;
  #client;
  #follower;
  #with;
  #instance = randomUUID().replaceAll('-', '');
  #wanted = new AbortController();
  #first = /** @type {ReturnType<typeof deferred<void>>} */ (deferred());
  #isAnswered = true;
  #isBehind = false;
  /** Done when the first acknowledgement was answered. */
  firstAnswered = this.#first.promise;

  /** @param {import('./feed.js').Feed} feed @param {import('./feed-client.js').FeedClient} client @param {import('./follower.js').Follower} follower @param {import('./sources.js').Context} context */
  constructor(feed, client, follower, context) {
    this.#feed = feed;
    this.#client = client;
    this.#follower = follower;
    this.#with = context;
  }

  /** Acknowledges without waiting for the next time. */
  soon() {
    this.#wanted.abort();
  }

  /** Acknowledges until it is aborted. @param {AbortSignal} signal */
  async run(signal) {
    const end = () => this.soon();
    signal.addEventListener('abort', end);
    while (!signal.aborted) {
      await sleep(every(this.#with.demands.shortest), this.#wanted.signal);
      if (this.#wanted.signal.aborted) this.#wanted = new AbortController();
      if (!signal.aborted && this.#feed.timeline !== null) await this.#try(signal);
    }
  }

  /** Tells the authority that this verifier stops. It may not hear it: then it waits a little in vain. */
  async leave() {
    if (this.#feed.timeline === null) return;
    try {
      await this.#client.acknowledge({ ...this.#of(this.#feed.timeline, this.#feed.seq), leaving: true });
    } catch (error) {
      this.#with.log.info(`The authority was not told that this verifier stops: ${why(error)}`);
    }
  }

  /** @param {AbortSignal} signal */
  async #try(signal) {
    try {
      await this.#acknowledge(signal);
      if (!this.#isAnswered) this.#with.log.info('Acknowledgements are answered again.');
      this.#isAnswered = true;
    } catch (error) {
      if (signal.aborted) return;
      if (this.#isAnswered) this.#with.log.warn(`An acknowledgement was not answered, so the view of what is revoked grows old: ${why(error)}`);
      this.#isAnswered = false;
    }
  }

  /** @param {AbortSignal} signal */
  async #acknowledge(signal) {
    const sent = this.#feed.toAcknowledge();
    if (sent.timeline === null) return;
    const answer = await this.#client.acknowledge(this.#of(sent.timeline, sent.seq), signal);
    const standing = this.#feed.answered(sent, answer);
    this.#first.resolve();
    if (standing === 'behind' && !this.#isBehind) this.#with.log.warn(`The stream does not bring what the log has (${sent.seq} of ${answer.seq}); it is asked for.`);
    this.#isBehind = standing === 'behind';
    if (standing === 'lost') this.#follower.interrupt();
    if (standing !== 'behind') return;
    try {
      await this.#follower.read(signal);
    } catch (error) {
      if (!signal.aborted) this.#with.log.warn(`What is missing cannot be had: ${why(error)}`);
    }
  }

  /** @param {string} timeline @param {number} seq */
  #of(timeline, seq) {
    const { maxStaleness, whenStale } = this.#with.demands.loosest;
    return { verifier: this.#with.verifierName, instance: this.#instance, timeline, seq, max_staleness: maxStaleness, when_stale: whenStale };
  }
}
