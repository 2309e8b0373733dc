import { signIn, signUp } from './account.js';
import { byId, toggle } from './dom.js';
import { onSubmit } from './forms.js';

/** The card for those who are not signed in: one form at a time. @param {import('./symbolon/client.js').Auth} auth @param {import('./view.js').Follow} follow */
export function entryView(auth, follow) {
  const forms = { 'sign-in': byId('sign-in'), 'sign-up': byId('sign-up') };

  const choose = (chosen) => {
    for (const [name, form] of Object.entries(forms)) form.hidden = name !== chosen;
    byId('entry-title').textContent = chosen === 'sign-in' ? 'Sign in' : 'Create an account';
  };
  for (const name of Object.keys(forms)) {
    byId(`show-${name}`).addEventListener('click', () => {
      choose(name);
      forms[name].querySelector('input').focus();
    });
  }

  onSubmit(forms['sign-in'], (input) => signIn(auth, input));
  onSubmit(forms['sign-up'], (input) => signUp(auth, input));

  follow(({ status }) => {
    toggle(byId('entry'), status === 'anonymous', byId('session-title'));
    if (status === 'active') choose('sign-in');
  });
}
