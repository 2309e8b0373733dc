/**
 * What the authority has revoked, as this verifier knows it: folds what the feed brings, and knows since when it is current.
 * Only an answered acknowledgement proves that, and for the moment at which it was sent: what comes down a stream may have lain in a buffer.
 */

import { SteadyClock } from '../revocation/steady-clock.js';
import { ViewAge } from '../revocation/view-age.js';
import { RevocationView } from '../revocation/view.js';

const MOST_WAITING = 16, DROP_EVERY = 10_000, BEHIND_FOR = 1000;

/**
 * @typedef {import('../revocation/view-age.js').Moment} Moment
 * @typedef {{ timeline: string | null, seq: number, mark: Moment }} Sent  what an acknowledgement says, and the moment that its answer may prove
 * @typedef {'follows' | 'behind' | 'lost'} Standing  behind: something that the authority has is not coming; lost: a snapshot is needed
 */

export class Feed {
  #with;
  #view = new RevocationView();
  #age;
  #clock;
  /** @type {{ mark: Moment, answeredAt: number, seq: number }[]} */
  #waiting = [];
  #authorityNow = -Infinity;
  #droppedAt = -Infinity;
  #isTooShort = false;
  #isLeft = false;
  /** Snapshots that became necessary, and entries of kinds that this version does not know. */
  counts = { resyncs: 0, ignored: 0 };
  /** Called with the removed keys that a piece of the log brings. @type {(kids: string[]) => void} */
  onKeys = () => {};

  /** @param {import('./sources.js').Context} context */
  constructor(context) {
    this.#with = context;
    this.#age = new ViewAge(context.now);
    this.#clock = new SteadyClock(context.now);
  }

  get timeline() {
    return this.#view.timeline;
  }

  get seq() {
    return this.#view.seq;
  }

  get denylist() {
    return this.#view.denylist;
  }

  /** In milliseconds; Infinity before the view was ever current, and after it was left. */
  get age() {
    return this.#isLeft ? Infinity : this.#age.value;
  }

  /** From now on nobody waits for this verifier, so its view does not count as current: a receipt would promise what is not so. */
  leave() {
    this.#isLeft = true;
  }

  /** Takes a page that was asked for when the view stood at `askedAt`. @param {import('../revocation/page.js').Page} page @param {number} askedAt @returns false when a snapshot is needed */
  takePage(page, askedAt) {
    this.#checkLength(page.maxTokenAge);
    // The stream may have gone on while this page was on its way: only a log that ended before the question went back.
    const isOvertaken = page.since !== null && page.newest >= askedAt && page.newest < this.seq;
    return this.#fold(isOvertaken ? { ...page, newest: this.seq } : page);
  }

  /** Takes an entry that the stream of a timeline brought. @param {import('../revocation/page.js').Logged} logged @param {string} timeline @returns false when a snapshot is needed */
  takeEntry(logged, timeline) {
    const { seq } = logged;
    return this.#fold({ timeline, since: seq - 1, seq, newest: Math.max(seq, this.seq), now: -Infinity, maxTokenAge: 0, entries: [logged] });
  }

  /** The authority's clock stands at least here. @param {number} now */
  hear(now) {
    this.#authorityNow = Math.max(this.#authorityNow, now);
    this.#dropPassed();
  }

  /** @returns {Sent} */
  toAcknowledge() {
    return { timeline: this.timeline, seq: this.seq, mark: this.#age.mark() };
  }

  /** An acknowledgement was answered. @param {Sent} sent @param {{ timeline: string, seq: number }} answer @returns {Standing} */
  answered(sent, { timeline, seq }) {
    if (timeline !== this.timeline || seq < sent.seq) {
      if (sent.timeline === this.timeline) this.lose(timeline !== this.timeline ? 'another timeline' : 'the log went back');
      return 'lost';
    }

    if (this.#waiting.length < MOST_WAITING) this.#waiting.push({ mark: sent.mark, answeredAt: performance.now(), seq });
    this.#prove();
    return this.#waiting.length > 0 && performance.now() - this.#waiting[0].answeredAt >= BEHIND_FOR ? 'behind' : 'follows';
  }

  /** A snapshot is needed; what is held stays held. @param {string} why */
  lose(why) {
    if (this.timeline === null) return;
    this.#view.timeline = null;
    this.#waiting = [];
    this.counts.resyncs++;
    this.#with.log.warn(`The revocation log does not go on from what is known (${why}): a snapshot is taken, and what is known stays.`);
  }

  /** @param {import('../revocation/page.js').Page} page */
  #fold(page) {
    const take = this.#view.take(page);
    if (take !== 'known') this.#note(page);
    this.#authorityNow = Math.max(this.#authorityNow, page.now);
    if (take === 'resync') {
      this.lose('a gap, disorder or another timeline');
      return false;
    }

    this.#prove();
    this.#dropPassed();
    return true;
  }

  /** @param {import('../revocation/page.js').Page} page */
  #note({ entries, seq }) {
    const unknown = entries.filter(({ entry }) => entry === null).length;
    this.counts.ignored += unknown;
    if (unknown > 0) this.#with.log.error(`${unknown} revocations up to ${seq} are of a kind that this version does not know, and are not obeyed: update @symbolon/verify.`);
    const kids = entries.flatMap(({ entry }) => (entry?.kind === 'key' ? [entry.key] : []));
    if (kids.length > 0) this.onKeys(kids);
  }

  /** What was answered counts once everything up to it was applied, for the moment it was asked. */
  #prove() {
    while (this.#waiting.length > 0 && this.#waiting[0].seq <= this.seq) {
      const { mark } = /** @type {{ mark: Moment }} */ (this.#waiting.shift());
      if (!this.#isTooShort) this.#age.setCurrentAt(mark);
    }
  }

  /** @param {number} logged  seconds */
  #checkLength(logged) {
    const needed = this.#with.neededTokenAge;
    this.#isTooShort = logged < needed;
    if (this.#isTooShort) this.#with.log.error(`The revocation log keeps entries for tokens of ${logged} s, and this verifier takes tokens of ${needed} s: its view never counts as current. Lower maxTokenAge or clockSkew.`);
  }

  /** The earlier of two clocks: one that was set ahead must not drop anything. Both may be set at once, where they are one machine's: then nothing is dropped for a while. */
  #dropPassed() {
    if (performance.now() - this.#droppedAt < DROP_EVERY) return;
    this.#droppedAt = performance.now();
    if (this.#clock.isSteady()) this.denylist.dropPassed(Math.min(this.#with.now(), this.#authorityNow));
  }
}
