import { byId, forget, make, setText, show } from './dom.js';
import { showInstant, words } from './words.js';

const REASONS = ['ended_by_admin', 'refresh_reuse', 'password_changed', 'account_disabled', 'all_ended', 'ended_by_user', 'risk'];
const SHOWN = 100;

/** Who is logged in, and the ways to end that. @param {import('./panel.js').Act} act */
export function sessionsCard(act) {
  const list = byId('session-list');
  const reason = byId('revoke-reason');
  reason.append(...REASONS.map((name) => make('option', { value: name }, name)));

  const expireAccess = (whose) => act(({ expired }) => words().accessExpired(expired), 'POST', 'expire', { what: 'access', ...whose });
  const expireSession = (whose) => act(({ expired }) => words().sessionsExpired(expired), 'POST', 'expire', { what: 'session', ...whose });
  const revoke = (whose) => act(({ ended }) => words().ended(ended), 'POST', 'revoke', { ...whose, reason: reason.value });

  byId('expire-access').addEventListener('click', () => expireAccess({}));
  byId('expire-sessions').addEventListener('click', () => expireSession({}));
  byId('revoke-all').addEventListener('click', () => revoke({ all: true }));

  const row = ({ session_id, username: known }) => {
    const username = known ?? '–'; // the account is deleted
    // Two sessions of one user are told apart by the end of their ids.
    const who = `${username} …${session_id.slice(-8)}`;
    const facts = make('p', { class: 'hint' });
    const badge = make('span', { class: 'badge' });
    const button = (text, part, work) => {
      const made = make('button', { type: 'button', class: part === 'revoke' ? 'small danger' : 'small', 'aria-label': `${text}: ${who}`, 'data-part': part }, text);
      made.addEventListener('click', () => work({ session_id }));
      return made;
    };
    const actions = make('div', { class: 'actions' },
      button(words().expireAccess, 'expire-access', expireAccess),
      button(words().expireSession, 'expire-session', expireSession),
      button(words().revoke, 'revoke', revoke));
    const element = make('li', { 'data-sid': session_id },
      make('div', { class: 'what' }, make('p', { class: 'name' }, username, ' ', make('code', {}, `…${session_id.slice(-8)}`), ' ', badge), facts), actions);
    return {
      element,
      update: ({ live, reason: why, generation, expires_at }) => {
        setText(badge, live ? words().alive : why ?? words().over);
        badge.className = `badge ${live ? 'good' : 'bad'}`;
        setText(facts, [words().generation(generation), live && words().until(showInstant(expires_at))].filter(Boolean).join(', '));
        if (!live && actions.contains(document.activeElement)) byId('sessions-title').focus();
        actions.hidden = !live;
      },
    };
  };

  const render = ({ sessions }) => {
    byId('sessions-empty').hidden = sessions.length > 0;
    // Those that live first; of those that ended, the newest are enough.
    const shown = [...sessions].sort((a, b) => Number(b.live) - Number(a.live)).slice(0, SHOWN);
    show(list, shown, ({ session_id }) => session_id, row);
  };
  render.forget = () => forget(list);
  return render;
}
