import { byId, onClick, setText, toggle } from './dom.js';
import { fromNow, minutesAndSeconds, showTimeOfDay } from './words.js';

/** The card with the access token's countdown. @param {import('./symbolon/client.js').Auth} auth @param {import('./view.js').Follow} follow */
export function sessionView(auth, follow) {
  let shown = {};
  let source = 'self';
  let retryAt = null;
  auth.on('signed-in', () => { [source, retryAt] = ['self', null]; });
  auth.on('refreshed', (event) => { [source, retryAt] = [event.source, null]; });
  auth.on('refresh-failed', ({ nextRetryMs }) => {
    retryAt = Date.now() + nextRetryMs;
    render();
  });
  // Asked for by the user: also when the token in hand is brand new.
  onClick(byId('refresh'), () => auth.token({ force: true }));
  onClick(byId('sign-out'), () => auth.logout());

  const render = () => {
    const { status, session, expiresAt } = shown;
    toggle(byId('session'), status === 'active', byId('entry-title'));
    if (status !== 'active') return;
    const now = Date.now();
    if (session) renderTimes(session, expiresAt, now);
    else setText(byId('countdown'), '–');
    setText(byId('renewal-note'), renewalNote(session, now));
  };

  const renderTimes = (session, expiresAt, now) => {
    setText(byId('countdown'), minutesAndSeconds(expiresAt - now));
    byId('countdown-bar').value = Math.max(0, (expiresAt - now) / (expiresAt - session.receivedAt));
    setText(byId('generation'), String(session.generation));
    setText(byId('renewed-at'), showTimeOfDay(session.receivedAt) + (source === 'tab' ? ', by another tab' : ''));
    setText(byId('idle-ends'), fromNow(session.idleEndsAt - now));
    setText(byId('ends'), fromNow(session.endsAt - now));
    setText(byId('session-id'), session.sid);
  };

  const renewalNote = (session, now) => {
    if (retryAt) return `The server did not renew the token. You stay signed in; next try in ${minutesAndSeconds(retryAt - now)}.`;
    return session ? `Renewed silently in ${minutesAndSeconds(session.renewAt - now)}, while this tab is visible.` : '';
  };

  follow((next) => {
    shown = next;
    render();
  });
  setInterval(render, 1_000);
}
