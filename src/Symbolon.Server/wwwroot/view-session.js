import { signOut } from './account.js';
import { byId, onClick, setText, toggle } from './dom.js';
import { fromNow, minutesAndSeconds, showTimeOfDay } from './words.js';

/** The card with the access token's countdown. @param {import('./session.js').Session} session */
export function sessionView(session) {
  onClick(byId('refresh'), () => session.refresh());
  onClick(byId('sign-out'), () => signOut(session));

  const render = () => {
    toggle(byId('session'), session.status === 'active', byId('entry-title'));
    if (session.status !== 'active') return;
    const { times } = session;
    const now = Date.now();
    if (times) renderTimes(times, now);
    else setText(byId('countdown'), '–');
    setText(byId('renewal-note'), renewalNote(session, now));
  };

  const renderTimes = (times, now) => {
    setText(byId('countdown'), minutesAndSeconds(times.expiresAt - now));
    byId('countdown-bar').value = Math.max(0, (times.expiresAt - now) / (times.expiresAt - times.receivedAt));
    setText(byId('generation'), String(times.generation));
    setText(byId('renewed-at'), showTimeOfDay(times.receivedAt) + (session.source === 'tab' ? ', by another tab' : ''));
    setText(byId('idle-ends'), fromNow(times.idleEndsAt - now));
    setText(byId('ends'), fromNow(times.endsAt - now));
    setText(byId('session-id'), times.sid);
  };

  session.addEventListener('change', render);
  setInterval(render, 1_000);
}

function renewalNote({ times, retryAt }, now) {
  if (retryAt) return `The server did not renew the token. You stay signed in; next try in ${minutesAndSeconds(retryAt - now)}.`;
  return times ? `Renewed silently in ${minutesAndSeconds(times.renewAt - now)}, while this tab is visible.` : '';
}
