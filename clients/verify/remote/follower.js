/** Follows the feed: a snapshot when one is needed, then the stream, and again from the start of this sentence when it ends. */

import { FormatError, parseInstant, readEntry } from '../revocation/page.js';
import { member, parseObject, text } from '../token/strict-json.js';
import { readEvents } from './event-stream.js';
import { why } from './http.js';
import { BackOff, Turn, deferred, sleep } from './waiting.js';

/** The authority sends a heartbeat each second. A connection that is dead and does not know brings none. */
const SILENT_FOR = 3000;
const WORKS_AFTER = 2000, MAX_DEPTH = 8, MOST_SNAPSHOTS = 2;

export class Follower {
  #feed;
  #client;
  #with;
  #backOff = new BackOff(100, 2000);
  #reading = new Turn();
  /** @type {AbortController | null} */
  #streaming = null;
  #isFollowing = false;
  #interruption = '';
  #first = /** @type {ReturnType<typeof deferred<void>>} */ (deferred());
  /** Done when following was interrupted for the first time. */
  firstInterrupted = this.#first.promise;
  /** Somebody waits for this verifier's acknowledgement. */
  receiptWanted = () => {};

  /** @param {import('./feed.js').Feed} feed @param {import('./feed-client.js').FeedClient} client @param {import('./sources.js').Context} context */
  constructor(feed, client, context) {
    this.#feed = feed;
    this.#client = client;
    this.#with = context;
  }

  /** Follows until it is aborted. @param {AbortSignal} signal */
  async run(signal) {
    while (!signal.aborted) {
      let reason = 'it ended';
      try {
        if (this.#feed.timeline === null) {
          await this.read(signal);
          this.receiptWanted(); // what was read can be proven current at once
        }

        await this.#stream(signal);
      } catch (error) {
        reason = why(error);
      }

      this.#first.resolve();
      if (signal.aborted) return;
      this.#interrupted(reason);
      await sleep(this.#backOff.next(), signal);
    }
  }

  /** Reads what is missing, a snapshot where one is needed. One at a time. @param {AbortSignal} signal */
  read(signal) {
    return this.#reading.take(async () => {
      let snapshots = 0;
      do {
        if (signal.aborted) return;
        // Somebody between may answer with an old snapshot, again and again: that takes the pauses of an interruption.
        if (this.#feed.timeline === null && ++snapshots > MOST_SNAPSHOTS) throw new FormatError('What follows the snapshot is not in the log any more.');
      } while (await this.#readPage(signal));
    });
  }

  /** Gives up the stream, to begin with a snapshot. */
  interrupt() {
    this.#streaming?.abort();
  }

  /** True when there is more to read. @param {AbortSignal} signal */
  async #readPage(signal) {
    const [since, askedAt] = [this.#feed.timeline === null ? null : this.#feed.seq, this.#feed.seq];
    const page = await this.#client.read(since, signal);
    if (page === null) {
      this.#feed.lose('the log is compacted');
      if (since === null) throw new FormatError('The feed has no snapshot.');
      return true;
    }

    if (!this.#feed.takePage(page, askedAt)) throw new FormatError('The page does not fit what is known.');
    if (page.seq < page.newest && page.entries.length === 0) throw new FormatError('The page is empty, and yet there is more.');
    return page.seq < page.newest;
  }

  /** @param {AbortSignal} signal */
  async #stream(signal) {
    const timeline = this.#feed.timeline;
    if (timeline === null) return;
    const openedAt = performance.now();
    const ends = (this.#streaming = new AbortController());
    const end = () => ends.abort();
    let isSilent = false;
    const silence = setTimeout(() => {
      isSilent = true;
      end();
    }, SILENT_FOR);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    try {
      const body = await this.#client.open(timeline, this.#feed.seq, ends.signal);
      if (body === null) return this.#feed.lose('the log is compacted, or another');
      for await (const happened of readEvents(body)) {
        silence.refresh();
        if (!this.#take(happened, timeline)) return;
        if (performance.now() - openedAt >= WORKS_AFTER) this.#backOff.reset();
      }
    } catch (error) {
      if (isSilent) throw new FormatError(`Nothing came for ${SILENT_FOR / 1000} seconds.`);
      throw error;
    } finally {
      clearTimeout(silence);
      signal.removeEventListener('abort', end);
      this.#streaming = null;
      end();
    }
  }

  /** False when the stream is of no more use. @param {{ kind: string, data: string }} happened @param {string} timeline */
  #take({ kind, data }, timeline) {
    if (this.#feed.timeline === null) return false;
    switch (kind) {
      case 'entry':
        return this.#feed.takeEntry(readEntry(data), timeline);
      case 'receipt':
        this.receiptWanted();
        return true;
      case 'hello':
      case 'heartbeat':
        this.#hear(kind, data, timeline);
        return true;
      case 'resync':
        this.#feed.lose('this verifier was too slow for the stream');
        return false;
      default:
        return true; // of a later version; what it may revoke is in the log as well
    }
  }

  /** Says that the stream lives, and what the authority's clock was; whether anything is current, only an acknowledgement's answer says. @param {string} kind @param {string} data @param {string} timeline */
  #hear(kind, data, timeline) {
    const json = parseObject(data, MAX_DEPTH);
    const named = json && text(json, 'timeline');
    if (!json || named === undefined) throw new FormatError(`The stream's ${kind} names no timeline.`);
    if (named !== timeline) this.receiptWanted();
    const now = parseInstant(member(json, 'now'));
    if (!Number.isNaN(now)) this.#feed.hear(now);
    if (this.#isFollowing) return;
    [this.#isFollowing, this.#interruption] = [true, ''];
    this.#with.log.info(`Following the revocation log from ${this.#feed.seq} on.`);
  }

  /** Said once for each reason, not with each attempt. @param {string} reason */
  #interrupted(reason) {
    if (this.#isFollowing || reason !== this.#interruption) this.#with.log.warn(`The revocation log is not followed: ${reason}`);
    [this.#isFollowing, this.#interruption] = [false, reason];
  }
}
