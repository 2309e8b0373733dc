import { endOtherSessions, listSessions } from './account.js';
import { byId, notify, onClick, toggle } from './dom.js';
import { inWords } from './forms.js';
import { deviceRow } from './view-device.js';

/** The user's sessions, each with a way to end it. @param {import('./session.js').Session} session */
export function devicesView(session) {
  const list = byId('device-list');
  const more = byId('devices-more');
  const others = byId('sign-out-others');
  let next = null;
  let shownFor = null;

  const failed = (error) => { byId('devices-error').textContent = inWords(error); };

  const load = async (after = null) => {
    const page = await listSessions(session, after);
    byId('devices-error').textContent = '';
    const rows = page.items.map((item) => deviceRow(session, item, changed, failed));
    if (after) list.append(...rows);
    else list.replaceChildren(...rows);
    next = page.next ?? null;
    more.hidden = !next;
    others.hidden = list.children.length < 2;
  };

  /** The row that was used is gone, and the focus with it. */
  const changed = async () => {
    await load();
    byId('devices-title').focus();
  };

  onClick(byId('devices-reload'), () => load(), failed);
  onClick(more, () => load(next), failed);
  onClick(others, async () => {
    const ended = await endOtherSessions(session);
    await changed();
    notify(ended === 1 ? 'One other device is signed out.' : `${ended} other devices are signed out.`);
  }, failed);

  session.addEventListener('change', () => {
    toggle(byId('devices'), session.status === 'active', byId('entry-title'));
    const sid = session.times?.sid ?? null;
    if (sid === shownFor) return;
    shownFor = sid;
    list.replaceChildren();
    others.hidden = true;
    if (sid) load().catch(failed);
  });
}
