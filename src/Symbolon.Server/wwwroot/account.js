/** What a user does with an account, each one request. All of them throw `AuthError`, or what `fetch` throws. */

import { addressOf, bodyOf } from './api.js';
import { thisDevice } from './device.js';

/** @typedef {import('./symbolon/client.js').Auth} Auth */

/** @param {Auth} auth @param {{ username: string, password: string, remember: boolean }} input */
export const signIn = (auth, input) => auth.login({ ...input, device: thisDevice() });

/** @param {Auth} auth @param {{ username: string, password: string, display_name?: string, email?: string, remember: boolean }} input */
export const signUp = (auth, input) => auth.login({ ...input, device: thisDevice() }, { endpoint: 'register' }).catch((error) => {
  // A server may register without signing in.
  if (error.code !== 'no_session') throw error;
  return signIn(auth, input);
});

/** Ends the user's other sessions and gives this one a new id. @param {Auth} auth @param {{ current_password: string, new_password: string }} input */
export const changePassword = (auth, input) => auth.login(input, { endpoint: 'password' });

/** @param {Auth} auth @returns {Promise<{ username: string, display_name?: string }>} */
export const whoAmI = async (auth) => bodyOf(await auth.fetch(addressOf('auth/me')));

/** @param {Auth} auth @param {{ password: string }} input */
export async function deleteAccount(auth, input) {
  await bodyOf(await auth.fetch(addressOf('auth/account'), { method: 'DELETE', headers: { 'content-type': 'application/json' }, body: JSON.stringify(input) }));
  // The session went with the account; this tells the other tabs, and clears what this browser remembers.
  await auth.logout();
}
