/** Waits for a condition, with a bound: tests have no sleeps and assert no times. */

const BOUND = 30_000, STEP = 5;

/** @template T @param {() => T | Promise<T>} condition  done when it is truthy @param {string} what @returns {Promise<NonNullable<T>>} */
export async function patiently(condition, what) {
  const until = performance.now() + BOUND;
  while (true) {
    const met = await condition();
    if (met) return /** @type {NonNullable<T>} */ (met);
    if (performance.now() > until) throw new Error(`Not within ${BOUND / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, STEP));
  }
}
