import { changePassword, deleteAccount } from './account.js';
import { bodyOf } from './api.js';
import { byId, notify, setText, toggle } from './dom.js';
import { onSubmit } from './forms.js';

/** Who is signed in, and the two things that need the password once more. @param {import('./session.js').Session} session */
export function accountView(session) {
  let shownFor = null;

  const load = async () => {
    const me = bodyOf(await session.call('GET', 'auth/me'));
    setText(byId('session-title'), me.display_name || me.username);
    setText(byId('status'), `Signed in as ${me.username}`);
    for (const field of document.querySelectorAll('.username-for-manager')) field.defaultValue = me.username;
  };

  onSubmit(byId('change-password'), async (input) => {
    await changePassword(session, input);
    byId('password-panel').open = false;
    notify('The password is changed. Your other devices are signed out.');
  }, byId('current-password'));
  onSubmit(byId('delete-account'), (input) => deleteAccount(session, input), byId('delete-password'));

  session.addEventListener('change', () => {
    toggle(byId('account'), session.status === 'active', byId('entry-title'));
    const sid = session.times?.sid ?? null;
    if (sid === shownFor) return;
    shownFor = sid;
    setText(byId('session-title'), 'Signed in');
    if (sid) load().catch(() => {}); // The name is an ornament; the device list beside it says what went wrong.
  });
}
