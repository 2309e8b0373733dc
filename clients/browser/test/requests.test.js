/** `auth.fetch`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../testing/browser.js';
import { useTabs } from '../testing/tabs.js';

const here = useTabs();
const DOWN = { status: 503, body: 'down' };

test('Neither a listener nor retry401 is given a request with the token in it', async () => {
  const seen = /** @type {(string | null)[]} */ ([]);
  const note = (/** @type {Request} */ request) => void seen.push(request.headers.get('authorization'));
  const { auth } = await here.signedIn({ retry401: (_, request) => { note(request); return true; } });
  auth.on('login-needed', ({ request }) => note(request));
  here.authority.ended = 'ended_by_admin';
  assert.equal((await auth.fetch(here.api('x'), { method: 'POST', body: 'b' })).status, 401);
  await until(() => seen.length === 2);
  assert.deepEqual(seen, [null, null]);
});

test('With a plug-in for proofs, they are not either', async () => {
  const seen = /** @type {(string | null)[]} */ ([]);
  const dpop = { sign: (/** @type {Request} */ request) => request.headers.set('dpop', 'proof'), nonce: () => true };
  const { auth } = await here.signedIn({ dpop, retry401: (_, { headers }) => { seen.push(headers.get('authorization'), headers.get('dpop')); return false; } });
  here.authority.epoch++;
  await auth.fetch(here.api('x'));
  assert.deepEqual(seen, [null, null]);
});

test('What is public is there also while no token can be had', async () => {
  const { auth } = await here.signedIn({ backoff: { min: 1e6, max: 1e6 } });
  /** @type {any} */ (auth.state.session).expiresAt = Date.now();
  here.authority.next.set('POST /auth/refresh', [DOWN]);
  here.authority.next.set('GET /api/public', [{ status: 200, body: { news: 1 } }]);
  assert.deepEqual(await (await auth.fetch(here.api('public'))).json(), { news: 1 });
  // What is not public says why: the session goes on, so that nobody is sent to log in.
  await assert.rejects(auth.fetch(here.api('x')), { code: 'unavailable' });
  assert.equal(here.refreshes(), 1);
  assert.equal(auth.state.status, 'stale');
});

test('Who gives up while the token is renewed sends nothing', async () => {
  const { auth } = await here.signedIn();
  /** @type {any} */ (auth.state.session).expiresAt = Date.now();
  here.authority.delay.set('POST /auth/refresh', 100);
  await assert.rejects(auth.fetch(here.api('x'), { signal: AbortSignal.timeout(20) }), { name: 'TimeoutError' });
  assert.equal(here.authority.count('GET /api/x'), 0);
});
