/** How far a verifier has read the log, and the denylist of everything it has met. Whatever a page says, the union is kept. */

import { Denylist } from './denylist.js';

/** @typedef {'taken' | 'known' | 'resync'} Take */

export class RevocationView {
  /** The timeline it reads; null while a snapshot is needed. @type {string | null} */
  timeline = null;
  /** Everything up to this number is read. */
  seq = 0;
  denylist = new Denylist();

  /**
   * Takes a piece of the log.
   * @param {import('./page.js').Page} page @returns {Take}  `resync`: it does not fit, take a snapshot
   */
  take(page) {
    for (const { entry } of page.entries) {
      if (entry) this.denylist.add(entry);
    }

    if (!isOrdered(page)) return 'resync';
    if (page.since === null) {
      [this.timeline, this.seq] = [page.timeline, page.seq];
      return 'taken';
    }

    // Another history, a gap, or a log that lost what we have read.
    if (page.timeline !== this.timeline || page.since > this.seq || page.newest < this.seq) return 'resync';
    if (page.seq <= this.seq) return 'known';
    this.seq = page.seq;
    return 'taken';
  }
}

/** Numbers have no holes, so a page says all there is between its ends, in order. @param {import('./page.js').Page} page */
function isOrdered({ since, seq, newest, entries }) {
  let expected = since ?? (entries.length > 0 ? entries[0].seq - 1 : seq);
  return entries.every((logged) => logged.seq === ++expected) && expected === seq && seq <= newest;
}
