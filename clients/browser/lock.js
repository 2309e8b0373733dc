/** @import { Area } from './storage.js' */

/**
 * Runs the work while no other tab runs work of its own: a cookie jar cannot compare, so that at most one request that sets
 * the cookie should be under way. The lock is a courtesy, not a guard: from a tab that was frozen with it it is stolen, and the
 * server's rules keep the session safe even then.
 * @template T
 * @param {string} name
 * @param {number} timeout ms
 * @param {Area} area for browsers without Web Locks, such as on a page on plain HTTP
 * @param {() => Promise<T>} work
 * @returns {Promise<T>} what the work returns; it always runs
 */
export async function locked(name, timeout, area, work) {
  /** @type {Promise<T> | undefined} */
  let task;
  const start = () => (task ??= work());
  try {
    // A little apart, so that tabs that wait for the same frozen one do not steal from each other.
    await navigator.locks.request(name, { signal: AbortSignal.timeout((timeout * (1 - Math.random() * 0.15)) | 0) }, start);
  } catch {
    // Stolen from us, or the work failed: it has begun, and its own promise says how it ends. Else there are no Web Locks, or we waited in vain.
    if (!task) await import('./lease.js').then(({ force }) => force(name, timeout, area, start)).catch(start);
  }
  return start();
}
