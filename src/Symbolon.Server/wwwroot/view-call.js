import { addressOf, read } from './api.js';
import { byId, notify, onClick } from './dom.js';
import { inWords } from './forms.js';
import { send } from './traffic.js';
import { reasonInWords } from './words.js';

/** The card that calls a protected endpoint and shows what came back. @param {import('./symbolon/client.js').Auth} auth @param {import('./view.js').Follow} follow */
export function callView(auth, follow) {
  const show = async (path, how, work) => {
    const startedAt = performance.now();
    const response = await work();
    const took = Math.round(performance.now() - startedAt);
    const { body, problem } = await read(response);
    byId('call-result').hidden = false;
    byId('call-status').textContent = String(response.status);
    byId('call-status').className = `badge ${response.ok ? 'good' : 'bad'}`;
    byId('call-verdict').textContent = `GET ${addressOf(path).pathname}${how}: ${response.ok ? 'accepted' : problem?.code ?? 'refused'}, ${took} ms`;
    byId('call-body').textContent = body ? JSON.stringify(body, null, 2) : '(no body)';
    return { status: response.status, problem };
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
    onClick(button, () => show(path, '', () => auth.fetch(addressOf(path))), failed);
  }

  // An access token cannot be taken back from whoever holds it; it can only be refused. So we keep the old one, and try it.
  onClick(byId('sign-out-everywhere'), async () => {
    const spent = await auth.token();
    await auth.logout({ scope: 'all' });
    if (!spent) return;
    const { status, problem } = await show('auth/session', ' with the access token from before', () => send('auth/session', spent));
    if (problem) notify(`${reasonInWords('all_ended')} The access token from before gets ${status} ${problem.code}.`);
  }, failed);

  follow(({ status }) => {
    byId('call').hidden = status === 'loading';
    byId('call-lead').textContent = status === 'active'
      ? 'Sent with the access token; renewed first if it is about to expire.'
      : 'Nobody is signed in, so the call goes out without a token.';
  });
}
