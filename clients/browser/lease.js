import { randomId } from './attempt.js';
/** @import { Area } from './storage.js' */

const LENGTH_MS = 3_000;

/**
 * The way on where the lock was not to be had: from a tab that holds it for too long it is stolen.
 * @param {string} name @param {number} timeout ms @param {Area} area @param {() => Promise<unknown>} work
 */
export const force = (name, timeout, area, work) =>
  (navigator.locks ? navigator.locks.request(name, { steal: true }, work) : lease(name, timeout, area, work));

/**
 * The lock where there are no Web Locks: a note in localStorage that is good for 3 s, and renewed while the work goes on. Two
 * tabs that write at the same moment both look again a moment later; the one whose note still stands goes first.
 * @template T
 * @param {string} name @param {number} timeout ms, then on without it @param {Area} area @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function lease(name, timeout, area, work) {
  // Not the name itself: the marker stands there, and a lease over it would sign everybody out.
  const key = `${name} lease`;
  const id = randomId();
  const mine = () => area.read(key)?.id === id;
  const take = () => area.write(key, { id, until: Date.now() + LENGTH_MS });
  // A note from further in the future than its length was written before the clock was set back.
  const lapsed = () => {
    const left = (area.read(key)?.until ?? 0) - Date.now();
    return left < 0 || left > LENGTH_MS;
  };
  // Not counted in rounds, which are slow in a hidden tab, nor by a clock that somebody sets.
  for (const end = performance.now() + timeout; !mine() && performance.now() < end;) {
    if (lapsed()) take();
    await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 20));
  }
  // In a tab that slept, the note may have lapsed, and another's stands there now.
  const timer = setInterval(() => (mine() || lapsed()) && take(), LENGTH_MS / 3);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    if (mine()) area.write(key, null);
  }
}
