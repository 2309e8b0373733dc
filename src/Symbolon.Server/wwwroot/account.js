/** What a user does with an account and its sessions, each one request. All of them throw `Problem` or `Unreachable`. */

import { bodyOf } from './api.js';
import { thisDevice } from './device.js';
import { signOutAtServer } from './sign-out.js';

/** @typedef {import('./session.js').Session} Session */

/** With "cookie" the server keeps the refresh token out of the answer: no script, ours included, ever sees it. */
const here = () => ({ device: thisDevice(), transport: 'cookie' });

/** @param {Session} session @param {{ username: string, password: string, remember: boolean }} input */
export const signIn = (session, { username, password, remember }) => session.begin('auth/login', { username, password, remember, ...here() });

/** @param {Session} session @param {{ username: string, password: string, display_name?: string, email?: string, remember: boolean }} input */
export async function signUp(session, input) {
  const signedIn = await session.begin('auth/register', { ...input, ...here() });
  if (!signedIn) await signIn(session, input);
}

/** @param {Session} session */
export async function signOut(session) {
  session.end('logout');
  await signOutAtServer();
}

/** Ends all sessions of the user, this one too. @param {Session} session */
export async function signOutEverywhere(session) {
  bodyOf(await session.call('DELETE', 'auth/sessions?scope=all'));
  session.end('all_ended');
}

/** @param {Session} session @param {string} sid one of the user's sessions, perhaps this one */
export async function endSession(session, sid) {
  bodyOf(await session.call('DELETE', `auth/sessions/${encodeURIComponent(sid)}`));
  if (sid === session.times?.sid) session.end('ended_by_user');
}

/** @param {Session} session @returns {Promise<number>} how many sessions that ended */
export async function endOtherSessions(session) {
  return bodyOf(await session.call('DELETE', 'auth/sessions?scope=others')).ended;
}

/** @param {Session} session @param {string} sid @param {{ name: string }} input */
export async function renameDevice(session, sid, input) {
  bodyOf(await session.call('PATCH', `auth/sessions/${encodeURIComponent(sid)}`, { body: input }));
}

/**
 * @param {Session} session @param {string | null} [after] `next` of the page before
 * @returns {Promise<{ items: object[], next: string | null }>}
 */
export async function listSessions(session, after = null) {
  return bodyOf(await session.call('GET', after ? `auth/sessions?after=${encodeURIComponent(after)}` : 'auth/sessions'));
}

/** Ends the user's other sessions and gives this one a new id. @param {Session} session @param {{ current_password: string, new_password: string }} input */
export async function changePassword(session, input) {
  // The token comes first: a refresh needs the lock that `begin` takes.
  const token = await session.token();
  await session.begin('auth/password', input, token);
}

/** @param {Session} session @param {{ password: string }} input */
export async function deleteAccount(session, input) {
  bodyOf(await session.call('DELETE', 'auth/account', { body: input }));
  session.end('account_deleted');
}
