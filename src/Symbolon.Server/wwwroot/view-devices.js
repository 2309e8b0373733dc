import { endSession, listSessions } from './account.js';
import { byId, onClick, toggle } from './dom.js';
import { inWords } from './forms.js';
import { showInstant } from './words.js';

/** The user's sessions, each with a way to end it. @param {import('./session.js').Session} session */
export function devicesView(session) {
  const list = byId('device-list');
  const more = byId('devices-more');
  let next = null;
  let shownFor = null;

  const failed = (error) => { byId('devices-error').textContent = inWords(error); };

  const load = async (after = null) => {
    const page = await listSessions(session, after);
    byId('devices-error').textContent = '';
    const rows = page.items.map(row);
    if (after) list.append(...rows);
    else list.replaceChildren(...rows);
    next = page.next ?? null;
    more.hidden = !next;
  };

  // Text from the server goes in as text, never as HTML: a device's name is whatever its owner typed.
  const row = (item) => {
    const element = byId('device-template').content.firstElementChild.cloneNode(true);
    const part = (name) => element.querySelector(`[data-part=${name}]`);
    const name = item.device?.name || 'Unnamed device';
    element.dataset.sid = item.session_id;
    part('name').textContent = name;
    part('current').hidden = !item.current;
    part('where').textContent = [item.device?.type, item.ip].filter(Boolean).join(', ');
    for (const [key, instant] of [['seen', item.last_seen_at], ['since', item.created_at]]) {
      part(key).dateTime = instant;
      part(key).textContent = showInstant(instant);
    }
    part('end').setAttribute('aria-label', `Sign out ${name}, ${item.current ? 'this device' : `signed in ${showInstant(item.created_at)}`}`);
    onClick(part('end'), async () => {
      await endSession(session, item.session_id);
      if (session.status !== 'active') return;
      await load();
      byId('devices-title').focus();
    }, failed);
    return element;
  };

  onClick(byId('devices-reload'), () => load(), failed);
  onClick(more, () => load(next), failed);

  session.addEventListener('change', () => {
    toggle(byId('devices'), session.status === 'active', byId('entry-title'));
    const sid = session.times?.sid ?? null;
    if (sid === shownFor) return;
    shownFor = sid;
    list.replaceChildren();
    if (sid) load().catch(failed);
  });
}
