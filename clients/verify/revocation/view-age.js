/** The age of a view: the larger of two clocks. The monotonic one may stand still while the machine sleeps, the wall clock may be set back. */

/** @typedef {{ monotonic: number, wall: number }} Moment */

export class ViewAge {
  /** @type {Moment | null} */
  #current = null;
  #now;

  /** @param {() => number} now  wall clock, milliseconds */
  constructor(now) {
    this.#now = now;
  }

  /** Now: to be taken before the question is sent whose answer may say that the view is current. @returns {Moment} */
  mark() {
    return { monotonic: performance.now(), wall: this.#now() };
  }

  /** The view was current at that moment. An older one than is known changes nothing. @param {Moment} moment */
  setCurrentAt(moment) {
    if (this.#current === null || this.#current.monotonic < moment.monotonic) this.#current = moment;
  }

  /** In milliseconds; Infinity when the view was never current. Measured anew each time. */
  get value() {
    if (this.#current === null) return Infinity;
    return Math.max(performance.now() - this.#current.monotonic, this.#now() - this.#current.wall);
  }
}
