import { send } from './api.js';
import { unfinishedSignOut } from './storage.js';
import { oneTabAtATime } from './tabs.js';

/**
 * Ends this browser's session at the server, and goes on trying on later visits if the server cannot be reached now. The
 * cookie says which session it is. Nothing here touches what the user sees: to the user, signing out is done at once.
 */
export async function signOutAtServer() {
  unfinishedSignOut.write();
  await finishSignOut();
}

/** Repeats a sign-out that the server has not confirmed; does nothing if there is none. */
export async function finishSignOut() {
  if (!unfinishedSignOut.exists()) return;
  await oneTabAtATime(async () => {
    // Somebody may have signed in while we waited for the lock, which has ended the old session as well.
    if (!unfinishedSignOut.exists()) return;
    const reply = await send('POST', 'auth/logout', { body: {}, keepalive: true }).catch(() => null);
    if (reply && reply.status < 500 && reply.status !== 429) unfinishedSignOut.clear();
  });
}
