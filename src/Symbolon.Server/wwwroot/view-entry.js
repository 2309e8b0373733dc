import { signIn, signUp } from './account.js';
import { byId, toggle } from './dom.js';
import { onSubmit } from './forms.js';

/** The card for those who are not signed in: one form at a time. @param {import('./session.js').Session} session */
export function entryView(session) {
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

  onSubmit(forms['sign-in'], (input) => signIn(session, input));
  onSubmit(forms['sign-up'], (input) => signUp(session, input));

  session.addEventListener('change', () => {
    toggle(byId('entry'), session.status === 'anonymous', byId('session-title'));
    if (session.status === 'active') choose('sign-in');
  });
}
