/**
 * The tabs of one browser share one cookie, so they share one session: one of them refreshes at a time, and it hands the new
 * access token to the others. The channel reaches this origin's own pages only and carries the access token, never a secret
 * that outlives it.
 */

const LOCK = 'symbolon.cookie';
const LOCK_TIMEOUT_MS = 12_000;

/**
 * Runs the work while no other tab runs work of its own. Everything that makes the server set the cookie goes through here,
 * because a cookie jar cannot compare: the answer that comes last wins, also when it is the older one.
 *
 * The lock is a courtesy, not a guard. A frozen tab may hold it, so after a while we go on without; a browser without
 * Web Locks (a page on plain HTTP that is not localhost) never has it. The server's rules keep the session safe either way.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function oneTabAtATime(work) {
  if (!navigator.locks) return work();
  const patience = AbortSignal.timeout(LOCK_TIMEOUT_MS);
  let started = false;
  try {
    return await navigator.locks.request(LOCK, { signal: patience }, () => {
      started = true;
      return work();
    });
  } catch (error) {
    if (started || !patience.aborted) throw error;
    return work();
  }
}

/**
 * @typedef {{ type: "signed-in" | "renewed", held: import('./held.js').Held }
 *   | { type: "signed-out", sid: string, reason: string }
 *   | { type: "newer?", sid: string, generation: number }} Message
 */

const channel = typeof BroadcastChannel === 'function' ? new BroadcastChannel('symbolon') : null;

/** @param {Message} message goes to all other tabs, never to this one */
export const tellTabs = (message) => channel?.postMessage(message);

/** @param {(message: Message) => void} listener */
export const onTabs = (listener) => channel?.addEventListener('message', ({ data }) => listener(data));
