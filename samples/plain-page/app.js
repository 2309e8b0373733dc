import { createAuth } from 'http://localhost:5081/symbolon/client.js';

const mock = 'http://localhost:5081';
const auth = createAuth({ url: `${mock}/auth` });
const byId = (id) => document.getElementById(id);

function show({ status, session, reason }) {
  const isIn = status !== 'loading' && status !== 'anonymous';
  byId('status').textContent = isIn ? `Signed in (${status}), session ${session?.sid ?? '…'}` : status === 'loading' ? '…' : `Signed out${reason ? `: ${reason}` : ''}`;
  byId('signed-in').hidden = !isIn;
  byId('sign-in').hidden = status !== 'anonymous';
}
auth.subscribe(show);
show(auth.state);

let renewals = 0;
auth.on('refreshed', ({ source }) => {
  byId('renewals').textContent = String(++renewals);
  byId('renewed').textContent = `${new Date().toLocaleTimeString()}${source === 'tab' ? ', by another tab' : ''}`;
});

async function call(times) {
  const answers = await Promise.all(Array.from({ length: times }, () => auth.fetch(`${mock}/api/orders`)));
  const statuses = answers.map((answer) => answer.status);
  byId('answer').textContent = `${times} × GET /api/orders: ${[...new Set(statuses)].join(', ')}\n${await answers[0].text()}`;
}

byId('sign-in').addEventListener('submit', async (event) => {
  event.preventDefault();
  const { username, password } = Object.fromEntries(new FormData(event.target));
  await auth.login({ username, password }).catch((error) => { byId('status').textContent = error.message; });
});
byId('call').addEventListener('click', () => call(1));
byId('sign-out').addEventListener('click', () => auth.logout());

// What time does by itself, at once: the mock answers 401 token_expired from here on.
byId('expire').addEventListener('click', async () => {
  await fetch(`${mock}/__mock/expire`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"what":"access"}' });
  await call(20);
});
