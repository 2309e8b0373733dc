/** Notices a wall clock that is set while the program runs: it and the monotonic clock then disagree. What cannot be undone waits until they have agreed for an hour. */

const TOLERANCE = 60_000, WAIT = 3_600_000;

export class SteadyClock {
  #now;
  #wall;
  #monotonic = performance.now();
  #disturbedAt = performance.now(); // not trusted from the start

  /** @param {() => number} now */
  constructor(now) {
    this.#now = now;
    this.#wall = now();
  }

  isSteady() {
    const [wall, monotonic] = [this.#now(), performance.now()];
    if (Math.abs(wall - this.#wall - (monotonic - this.#monotonic)) > TOLERANCE) this.#disturbedAt = monotonic;
    [this.#wall, this.#monotonic] = [wall, monotonic];
    return monotonic - this.#disturbedAt >= WAIT;
  }
}
