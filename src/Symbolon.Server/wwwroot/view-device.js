import { endSession, renameDevice } from './account.js';
import { byId, onClick } from './dom.js';
import { onSubmit } from './forms.js';
import { showInstant } from './words.js';

/**
 * One session in the list of devices.
 * @param {import('./session.js').Session} session
 * @param {object} item  as the server lists it
 * @param {() => Promise<void>} changed  what to do after it was renamed or ended
 * @param {(error: unknown) => void} failed
 * @returns {HTMLElement}
 */
export function deviceRow(session, item, changed, failed) {
  const row = byId('device-template').content.firstElementChild.cloneNode(true);
  const part = (name) => row.querySelector(`[data-part=${name}]`);

  // Text from the server goes in as text, never as HTML: a device's name is whatever its owner typed.
  const name = item.device?.name || 'Unnamed device';
  row.dataset.sid = item.session_id;
  part('name').textContent = name;
  part('current').hidden = !item.current;
  part('where').textContent = [item.device?.type, item.ip].filter(Boolean).join(', ');
  for (const [key, instant] of [['seen', item.last_seen_at], ['since', item.created_at]]) {
    part(key).dateTime = instant;
    part(key).textContent = showInstant(instant);
  }

  // Two devices may bear the same name; what is read out tells them apart.
  const which = `${name}, ${item.current ? 'this device' : `signed in ${showInstant(item.created_at)}`}`;
  part('end').setAttribute('aria-label', `Sign out ${which}`);
  part('rename').setAttribute('aria-label', `Rename ${which}`);
  onClick(part('end'), async () => {
    await endSession(session, item.session_id);
    if (session.status === 'active') await changed();
  }, failed);
  prepareRename(row.querySelector('form'), part('rename'), part('cancel'), name, item.session_id, async (input) => {
    await renameDevice(session, item.session_id, input);
    await changed();
  });
  return row;
}

/** The form opens in place of its button, which gets the focus back. */
function prepareRename(form, open, cancel, name, sid, work) {
  const field = form.elements.name;
  const hint = form.querySelector('.hint');
  field.id = `name-of-${sid}`;
  hint.id = `${field.id}-hint`;
  field.setAttribute('aria-describedby', hint.id);
  form.querySelector('label').htmlFor = field.id;
  field.defaultValue = name;

  const show = (visible) => {
    form.hidden = !visible;
    open.setAttribute('aria-expanded', String(visible));
    (visible ? field : open).focus();
  };
  open.setAttribute('aria-expanded', 'false');
  open.addEventListener('click', () => {
    show(form.hidden);
    if (!form.hidden) field.select();
  });
  const close = () => {
    form.reset();
    show(false);
  };
  cancel.addEventListener('click', close);
  form.addEventListener('keydown', ({ key }) => { if (key === 'Escape') close(); });
  onSubmit(form, work);
}
