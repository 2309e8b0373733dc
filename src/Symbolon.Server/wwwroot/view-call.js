import { signOutEverywhere } from './account.js';
import { addressOf, send } from './api.js';
import { byId, notify, onClick } from './dom.js';
import { inWords } from './forms.js';
import { reasonInWords } from './words.js';

/** The card that calls a protected endpoint and shows what came back. @param {import('./session.js').Session} session */
export function callView(session) {
  const show = (how, { method, path, status, problem, body, tookMs }) => {
    const accepted = status >= 200 && status < 300;
    byId('call-result').hidden = false;
    byId('call-status').textContent = String(status);
    byId('call-status').className = `badge ${accepted ? 'good' : 'bad'}`;
    byId('call-verdict').textContent = `${method} ${path}${how}: ${accepted ? 'accepted' : problem?.code ?? 'refused'}, ${Math.round(tookMs)} ms`;
    byId('call-body').textContent = body ? JSON.stringify(body, null, 2) : '(no body)';
  };
  const failed = (error) => {
    byId('call-result').hidden = false;
    byId('call-status').textContent = 'No answer';
    byId('call-status').className = 'badge bad';
    byId('call-verdict').textContent = inWords(error);
    byId('call-body').textContent = '(no body)';
  };

  for (const button of [byId('call-session'), byId('call-me')]) {
    const { path } = button.dataset;
    button.textContent = `GET ${addressOf(path).pathname}`;
    onClick(button, async () => show('', await session.call('GET', path)), failed);
  }

  // An access token cannot be taken back from whoever holds it; it can only be refused. So we keep the old one, and try it.
  onClick(byId('sign-out-everywhere'), async () => {
    const spent = await session.token();
    await signOutEverywhere(session);
    const reply = await send('GET', 'auth/session', { token: spent });
    show(' with the access token from before', reply);
    if (reply.problem) notify(`${reasonInWords('all_ended')} The access token from before gets ${reply.status} ${reply.problem.code}.`);
  }, failed);

  session.addEventListener('change', () => {
    byId('call').hidden = session.status === 'loading';
    byId('call-lead').textContent = session.status === 'active'
      ? 'Sent with the access token; renewed first if it is about to expire.'
      : 'Nobody is signed in, so the call goes out without a token.';
  });
}
