/**
 * When to renew. Renewal is silent and early: the user should never meet an expired token.
 *
 * Every instant here is of the local clock, counted from the receipt of the answer. A server's instant is never compared with
 * the local clock, for that clock may be wrong by hours.
 */

const LONGEST_NAP_MS = 15_000;
const SHORTEST_NAP_MS = 250;
const CLOCK_JUMP_MS = 30_000;
const WAKING = [[document, 'visibilitychange'], [document, 'resume'], [window, 'pageshow'], [window, 'online'], [window, 'focus']];

/**
 * @param {number} receivedAt  ms
 * @param {number} lifetimeMs
 * @returns {number} when to renew: 60 s before expiry, or a fifth of a short life; a quarter of that is jitter, so that tabs
 *   and fleets of clients do not all come at once
 */
export function renewAt(receivedAt, lifetimeMs) {
  const ahead = Math.min(60_000, lifetimeMs * 0.2);
  return receivedAt + lifetimeMs - ahead * (1 + 0.25 * (Math.random() - 0.5));
}

/** @param {number} failures how many in a row @returns {number} ms to wait: doubling from 0.5 s to 60 s, with full jitter */
export const backOff = (failures) => SHORTEST_NAP_MS + Math.random() * Math.min(60_000, 500 * 2 ** failures);

/**
 * Looks at the one deadline by a timer and whenever the page may have slept. A timer alone does not do: it stands still in a
 * suspended laptop, a frozen tab and the back-forward cache. A hidden page does not renew; it does so when it is shown.
 * @param {import('./session.js').Session} session
 */
export function keepFresh(session) {
  let timer = 0;
  let wall = Date.now();
  let ticks = performance.now();

  /** Two clocks that disagree: someone set the wall clock, or the machine slept. Then no deadline can be trusted. */
  const clockJumped = () => {
    const jump = (Date.now() - wall) - (performance.now() - ticks);
    [wall, ticks] = [Date.now(), performance.now()];
    return Math.abs(jump) > CLOCK_JUMP_MS;
  };
  const nap = () => {
    clearTimeout(timer);
    timer = setTimeout(look, Math.min(LONGEST_NAP_MS, Math.max(SHORTEST_NAP_MS, session.dueInMs())));
  };
  const look = async () => {
    if (clockJumped()) session.distrustClock();
    if (document.visibilityState === 'hidden') return;
    await session.renewIfDue();
    nap();
  };
  const wake = () => {
    if (document.visibilityState === 'visible') session.wake();
    look();
  };

  for (const [target, event] of WAKING) target.addEventListener(event, wake);
  session.addEventListener('change', nap);
  look();
}
