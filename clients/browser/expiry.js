/** @import { AuthOptions } from './types.js' */

const LONGEST_NAP_MS = 15_000;
const SHORTEST_NAP_MS = 250;
const CLOCK_JUMP_MS = 30_000;

/**
 * How long before expiry to renew: 60 s, or a fifth of a short life; at random up to a quarter earlier, so that
 * clients do not all come at once.
 * @param {number} ttl s @param {AuthOptions} options @returns {number} s
 */
export function aheadOf(ttl, { refreshAhead = Math.min(60, ttl * 0.2), jitter = 0.25 }) {
  const ahead = typeof refreshAhead === 'function' ? refreshAhead(ttl) : refreshAhead;
  // Whatever is configured: not more often than each half life.
  return Math.min(ttl / 2, ahead * (1 + jitter * Math.random()));
}

/**
 * Looks at the one deadline, by a timer of at most 15 s and whenever the page may have slept. A timer alone does not do: it
 * stands still in a suspended laptop, a frozen tab and the back-forward cache.
 * @param {() => number} now
 * @param {() => number} dueAt  when to look next; Infinity stops the timer
 * @param {(jumped: boolean, event: { type?: string, key?: string | null }) => void} look
 * @param {AbortSignal} signal  ends it
 * @returns {() => void} sets the timer anew
 */
export function watch(now, dueAt, look, signal) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const drift = () => now() - performance.now();
  let last = drift();

  const arm = () => {
    clearTimeout(timer);
    const left = dueAt() - now();
    if (left < Infinity && !signal.aborted) timer = setTimeout(turn, Math.min(LONGEST_NAP_MS, Math.max(SHORTEST_NAP_MS, left)), {});
  };
  /** @param {{ type?: string, key?: string | null }} event */
  const turn = (event) => {
    // Two clocks that disagree: someone set the wall clock, or the machine slept. Then no deadline can be trusted.
    const jump = drift() - last;
    last += jump;
    look(Math.abs(jump) > CLOCK_JUMP_MS, event);
    arm();
  };
  // The events of the document bubble to the window.
  for (const name of ['visibilitychange', 'resume', 'pageshow', 'online', 'offline', 'focus', 'storage']) window.addEventListener(name, turn, { signal });
  signal.addEventListener('abort', arm);
  return arm;
}
