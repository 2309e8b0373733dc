import { byId, forget, make, show } from './dom.js';
import { words } from './words.js';

/** The accounts, and their roles to change. @param {import('./panel.js').Act} act */
export function usersCard(act) {
  const list = byId('user-list');

  const row = ({ username }) => {
    const input = make('input', { autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', 'aria-label': words().rolesOf(username), 'data-part': 'roles' });
    let kept = '';
    const form = make('form', { class: 'row' }, input, make('button', { class: 'small', 'aria-label': `${words().save}: ${words().rolesOf(username)}`, 'data-part': 'save' }, words().save));
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      const roles = input.value.split(/[\s,]+/).filter(Boolean);
      kept = input.value;
      await act((saved) => words().rolesSaved(username, saved.roles.join(', ')), 'POST', 'roles', { username, roles });
    });
    return {
      element: make('li', { 'data-username': username }, make('p', { class: 'name what' }, username), form),
      update: ({ roles }) => {
        // What is being typed is not written over.
        if (input.value !== kept) return;
        kept = roles.join(' ');
        if (input.value !== kept) input.value = kept;
      },
    };
  };

  const render = ({ users }) => show(list, users, ({ username }) => username, row);
  render.forget = () => forget(list);
  return render;
}
