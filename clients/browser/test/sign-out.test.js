/** Signing out, and signing in again at once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jarFetch, until } from '../testing/browser.js';
import { pass, useTabs } from '../testing/tabs.js';

const here = useTabs();
const ada = { username: 'ada', password: 'right' };
const PORTAL = { status: 200, type: 'text/html', body: '<html>' };

test('A log-in waits for the log-out before it, whose answer clears the cookie', async () => {
  const { auth } = await here.signedIn();
  here.authority.delay.set('POST /auth/logout', 150);
  auth.logout();
  await auth.login(ada);
  await pass(200);
  assert.equal(here.browser.jar.size, 1);
  assert.equal((await auth.refresh()).status, 'refreshed');
});

for (const [what, answer] of /** @type {[string, any][]} */ ([
  ['a portal\'s page', PORTAL], ['a firewall\'s 403', { status: 403, type: 'text/html', body: 'no' }], ['a proxy\'s 429', { status: 429, body: {} }], ['a 503', { status: 503, body: '' }],
])) {
  test(`A log-out that met ${what} is sent again`, async () => {
    const { auth } = await here.signedIn();
    here.authority.next.set('POST /auth/logout', [answer]);
    await auth.logout();
    assert.equal(here.authority.ended, '');
    here.browser.fire('online');
    await until(() => here.authority.ended === 'logout');
  });
}

test('A log-out that the server refuses to know is over', async () => {
  const { auth } = await here.signedIn();
  here.authority.next.set('POST /auth/logout', [here.problem('refresh_invalid', 401)]);
  await auth.logout();
  here.browser.fire('online');
  await pass(50);
  assert.equal(here.authority.count('POST /auth/logout'), 1);
});

test('A log-out everywhere is done here at once, also when the token must be renewed first', async () => {
  const { auth } = await here.signedIn();
  here.authority.delay.set('POST /auth/refresh', 300);
  const { session } = auth.state;
  /** @type {any} */ (session).renewAt = 0;
  assert.equal(auth.state.status, 'stale');
  const done = auth.logout({ scope: 'all' });
  await pass(0);
  assert.deepEqual([auth.state.status, auth.state.reason], ['anonymous', 'all_ended']);
  await done;
  assert.equal(here.authority.ended, 'all_ended');
});

test('A log-out everywhere whose token is refused takes a new one, and asks nobody to log in', async () => {
  const { auth, told } = await here.signedIn();
  here.authority.next.set('DELETE /auth/sessions', [here.problem('token_expired', 401)]);
  await auth.logout({ scope: 'all' });
  assert.equal(here.authority.ended, 'all_ended');
  assert.deepEqual(told, ['signed-in login', 'signed-out all_ended']);
});

test('A log-out everywhere that fails ends this session all the same, and says so', async () => {
  const { auth } = await here.signedIn();
  here.authority.next.set('DELETE /auth/sessions', [{ status: 503, body: 'down' }]);
  await assert.rejects(auth.logout({ scope: 'all' }), { code: 'unavailable' });
  assert.deepEqual([auth.state.status, here.authority.ended], ['anonymous', 'logout']);
});

test('A log-out everywhere without a network rejects, and this session ends when it is back', async () => {
  let offline = false;
  const fetch = /** @type {any} */ ((/** @type {Request} */ request) => (offline ? Promise.reject(new TypeError('no network')) : jarFetch(request)));
  const { auth } = await here.signedIn({ fetch });
  offline = true;
  await assert.rejects(auth.logout({ scope: 'all' }), { code: 'network' });
  assert.equal(auth.state.status, 'anonymous');
  offline = false;
  here.browser.fire('online');
  await until(() => here.authority.ended === 'logout');
});

test('A log-out of the others leaves this one', async () => {
  const { auth } = await here.signedIn();
  here.authority.next.set('DELETE /auth/sessions', [{ status: 204 }]);
  await auth.logout({ scope: 'others' });
  assert.equal(auth.state.status, 'active');
});

test('A new password is sent with a token that is valid', async () => {
  const { auth } = await here.signedIn();
  const old = await auth.token();
  /** @type {any} */ (auth.state.session).expiresAt = Date.now();
  here.authority.next.set('POST /auth/password', [{ status: 503, body: '' }]);
  await assert.rejects(auth.login({}, { endpoint: 'password' }), { code: 'unavailable' });
  assert.equal(here.refreshes(), 1);
  assert.notEqual(await auth.token(), old);
});

for (const endpoint of ['//evil.example/x', '/x', '../x', 'https://evil.example/']) {
  test(`Nobody logs in at ${endpoint}: the token stays below the authority`, async () => {
    const sent = /** @type {string[]} */ ([]);
    const { auth } = await here.signedIn({ fetch: /** @type {any} */ ((/** @type {Request} */ request) => { sent.push(request.url); return jarFetch(request); }) });
    await assert.rejects(auth.login({}, { endpoint }), TypeError);
    assert.deepEqual(sent, [`${here.authority.url}/auth/login`]);
  });
}
