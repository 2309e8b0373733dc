/** Waiting that ends. */

/** Waits, or returns at once when the signal is aborted. @param {number} ms @param {AbortSignal} [signal] @returns {Promise<void>} */
export const sleep = (ms, signal) => new Promise((resolve) => {
  if (signal?.aborted) return resolve();
  const done = () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', done);
    resolve();
  };
  const timer = setTimeout(done, ms);
  signal?.addEventListener('abort', done);
});

/** What comes first; the timer does not outlive it. @template T @param {Promise<T>} promise @param {number} ms @param {() => T} otherwise @returns {Promise<T>} */
export const within = (promise, ms, otherwise) => new Promise((resolve, reject) => {
  const timer = setTimeout(() => resolve(otherwise()), ms);
  promise.then(resolve, reject).finally(() => clearTimeout(timer));
});

/** A promise and the ways to end it. @template T @returns {{ promise: Promise<T>, resolve: (value: T) => void }} */
export function deferred() {
  /** @type {(value: T) => void} */
  let resolve = () => {};
  const promise = new Promise((/** @type {(value: T) => void} */ yes) => (resolve = yes));
  return { promise, resolve };
}

/** One after the other. */
export class Turn {
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();

  /** @template T @param {() => Promise<T>} work @returns {Promise<T>} */
  take(work) {
    const mine = this.#last.then(work, work);
    this.#last = mine.catch(() => {});
    return mine;
  }
}

/** How long to wait before the next attempt: doubled each time up to a limit, and jittered, so that verifiers do not come back all at once. */
export class BackOff {
  #first;
  #limit;
  #failures = 0;

  /** @param {number} first @param {number} limit  milliseconds */
  constructor(first, limit) {
    this.#first = first;
    this.#limit = limit;
  }

  /** It works: the next attempt is at once, and then it begins with the first wait again. */
  reset() {
    this.#failures = -1;
  }

  /** The next wait: between half of it and all of it. */
  next() {
    if (this.#failures++ < 0) return 0;
    const full = Math.min(this.#limit, this.#first * 2 ** Math.min(this.#failures - 1, 20));
    return full * (0.5 + Math.random() / 2);
  }
}
