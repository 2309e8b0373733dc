/** @import { AuthOptions } from './types.js' */

const LONGEST_NAP_MS = 15_000;
const SHORTEST_NAP_MS = 250;
const CLOCK_JUMP_MS = 30_000;

/**
 * How long before expiry to renew: 60 s, or a fifth of a short life; a quarter of that is jitter, so that clients do not all
 * come at once.
 * @param {number} ttl s @param {AuthOptions} options @returns {number} s
 */
export function aheadOf(ttl, { refreshAhead, jitter = 0.25 }) {
  const ahead = typeof refreshAhead === 'function' ? refreshAhead(ttl) : refreshAhead ?? Math.min(60, ttl * 0.2);
  // Whatever is configured: not more often than each half life.
  return Math.min(ttl / 2, ahead * (1 + jitter * (Math.random() - 0.5)));
}

/**
 * Looks at the one deadline, by a timer of at most 15 s and whenever the page may have slept. A timer alone does not do: it
 * stands still in a suspended laptop, a frozen tab and the back-forward cache.
 * @param {() => number} now
 * @param {() => number} dueAt  when to look next; Infinity stops the timer
 * @param {(jumped: boolean, event: { type?: string, key?: string | null }) => void} look
 */
export function watch(now, dueAt, look) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let stopped = false;
  const drift = () => now() - performance.now();
  let last = drift();

  const arm = () => {
    clearTimeout(timer);
    const left = dueAt() - now();
    if (!stopped && left < Infinity) timer = setTimeout(() => turn(), Math.min(LONGEST_NAP_MS, Math.max(SHORTEST_NAP_MS, left)));
  };
  /** @param {{ type?: string, key?: string | null }} [event] */
  const turn = (event = {}) => {
    // Two clocks that disagree: someone set the wall clock, or the machine slept. Then no deadline can be trusted.
    const jumped = Math.abs(drift() - last) > CLOCK_JUMP_MS;
    if (jumped) last = drift();
    look(jumped, event);
    arm();
  };
  const listen = (/** @type {"addEventListener" | "removeEventListener"} */ how) => {
    for (const name of ['visibilitychange', 'resume']) globalThis.document?.[how](name, turn);
    for (const name of ['pageshow', 'online', 'offline', 'focus', 'storage']) window[how](name, turn);
  };
  listen('addEventListener');
  return {
    arm,
    stop() {
      stopped = true;
      clearTimeout(timer);
      listen('removeEventListener');
    },
  };
}
