/** What the page says in plain words: ends of sessions, lengths of time. */

const AGAIN = 'Sign in again to go on.';

/** By end reason (DESIGN §7); the last three are codes, for a refresh that is refused without a reason. */
const REASONS = {
  logout: 'You are signed out.',
  ended_by_user: 'This device was signed out from the list of devices.',
  ended_by_admin: 'An administrator ended this session.',
  refresh_reuse: 'This session was ended to protect you: its token was used a second time, perhaps by someone who copied it. If that was not you, change your password.',
  password_changed: 'The password was changed, so this device was signed out.',
  account_disabled: 'This account is disabled.',
  account_deleted: 'The account and its data are deleted.',
  all_ended: 'You are signed out everywhere.',
  inactivity: `This session ended because it was not used for a long time. ${AGAIN}`,
  absolute_lifetime: `This session reached its greatest age. ${AGAIN}`,
  session_limit: `This session ended because the account was signed in on too many devices. ${AGAIN}`,
  replaced: `A newer sign-in on this device replaced this session. ${AGAIN}`,
  risk: `This session was ended as a precaution. ${AGAIN}`,
  refresh_invalid: `The server does not know this session any more. ${AGAIN}`,
  session_ended: `This session has ended. ${AGAIN}`,
  session_expired: `This session has expired. ${AGAIN}`,
};

/** @param {string} reason @returns {string} */
export const reasonInWords = (reason) => REASONS[reason] ?? REASONS.session_ended;

/** @param {number} ms @returns {string} such as 9:41 */
export function minutesAndSeconds(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

const UNITS = [['day', 86_400_000], ['hour', 3_600_000], ['minute', 60_000], ['second', 1_000]];

/** @param {number} ms @returns {string} such as "in 14 days" */
export function fromNow(ms) {
  const [unit, length] = UNITS.find(([, size]) => ms >= size * 1.5) ?? UNITS.at(-1);
  return new Intl.RelativeTimeFormat('en', { numeric: 'always' }).format(Math.round(ms / length), unit);
}

const timeOfDay = new Intl.DateTimeFormat('en', { timeStyle: 'medium' });

/** @param {number} ms of the local clock */
export const showTimeOfDay = (ms) => timeOfDay.format(ms);
