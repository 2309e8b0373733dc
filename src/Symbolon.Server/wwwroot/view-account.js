import { changePassword, deleteAccount, whoAmI } from './account.js';
import { byId, notify, setText, toggle } from './dom.js';
import { onSubmit } from './forms.js';
import { reasonInWords } from './words.js';

/** Who is signed in, and the two things that need the password once more. @param {import('./symbolon/client.js').Auth} auth @param {import('./view.js').Follow} follow */
export function accountView(auth, follow) {
  let shownFor = null;

  const load = async () => {
    const me = await whoAmI(auth);
    setText(byId('session-title'), me.display_name || me.username);
    setText(byId('status'), `Signed in as ${me.username}`);
    for (const field of document.querySelectorAll('.username-for-manager')) field.defaultValue = me.username;
  };

  onSubmit(byId('change-password'), async (input) => {
    await changePassword(auth, input);
    byId('password-panel').open = false;
    notify('The password is changed. Your other devices are signed out.');
  }, byId('current-password'));
  onSubmit(byId('delete-account'), async (input) => {
    await deleteAccount(auth, input);
    notify(reasonInWords('account_deleted'));
  }, byId('delete-password'));

  follow(({ status, session }) => {
    toggle(byId('account'), status === 'active', byId('entry-title'));
    const sid = session?.sid ?? null;
    if (sid === shownFor) return;
    shownFor = sid;
    setText(byId('session-title'), 'Signed in');
    if (sid) load().catch(() => {}); // The name is an ornament; the device list beside it says what went wrong.
  });
}
