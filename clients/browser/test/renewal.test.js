/** When a token is renewed, and when it is not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../testing/browser.js';
import { pass, useTabs } from '../testing/tabs.js';

const here = useTabs();
const marker = () => `symbolon ${here.authority.url}/auth/`;
const DOWN = { status: 503, body: 'down' };
const expire = (/** @type {any} */ auth) => { auth.state.session.expiresAt = Date.now(); };

test('A logger that throws holds up nobody', async () => {
  const reported = /** @type {string[]} */ ([]);
  const report = (/** @type {Error} */ { message }) => void reported.push(message);
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException').on('uncaughtException', report);
  try {
    const { auth } = await here.signedIn({ backoff: { min: 1, max: 1 }, log: { warn: () => { throw new Error('mine'); } } });
    here.authority.next.set('POST /auth/refresh', [DOWN]);
    assert.equal((await Promise.race([auth.refresh(), pass(2_000).then(() => ({ status: 'hangs' }))])).status, 'kept');
    await until(async () => (await auth.refresh()).status === 'refreshed');
    assert.deepEqual(reported, ['mine']);
  } finally {
    process.off('uncaughtException', report);
    for (const other of others) process.on('uncaughtException', other);
  }
});

test('An application that clears localStorage signs nobody out', async () => {
  const { auth, told } = await here.signedIn();
  here.browser.stored.clear();
  here.browser.fire('focus');
  assert.equal((await auth.refresh()).status, 'refreshed');
  assert.equal(JSON.parse(here.browser.stored.get(marker()) ?? '{}').generation, 2);
  assert.ok(!told.some((event) => event.startsWith('signed-out')));
});

test('Two tabs whose every token is refused refresh twice at most, not each time the other did', async () => {
  const tabs = [await here.signedIn(), here.tab()];
  await Promise.all(tabs.map(({ auth }) => auth.ready()));
  here.authority.epoch = -1;
  const refuse = () => here.authority.next.set('GET /api/x', Array.from({ length: 9 }, () => here.problem('token_expired', 401)));
  for (let poll = 0; poll < 10; poll++) {
    for (const { auth } of tabs) {
      refuse();
      await auth.fetch(here.api('x'));
      await pass(10);
    }
  }
  assert.ok(here.refreshes() <= 2, `${here.refreshes()}`);
});

test('A token that is refused in vain stops no refresh that has another reason', async () => {
  const { auth } = await here.signedIn();
  here.authority.next.set('GET /api/x', [1, 2, 3].map(() => here.problem('token_expired', 401)));
  assert.equal((await auth.fetch(here.api('x'))).status, 401);
  assert.equal(here.refreshes(), 1);
  assert.equal((await auth.fetch(here.api('x'))).status, 401);
  assert.equal(here.refreshes(), 1);
  expire(auth);
  assert.match(/** @type {string} */ (await auth.token()), /^e30/);
  assert.equal(here.refreshes(), 2);
});

test('The focus does not shorten the pause after a failure; the network does', async () => {
  const { auth } = await here.signedIn({ backoff: { min: 1e6, max: 1e6 } });
  here.authority.next.set('POST /auth/refresh', Array.from({ length: 30 }, () => DOWN));
  await auth.refresh();
  for (let i = 0; i < 20; i++) {
    for (const type of ['focus', 'visibilitychange']) here.browser.fire(type);
    await pass(10);
  }
  assert.equal(here.refreshes(), 1);
  here.browser.fire('online');
  await until(() => here.refreshes() === 2);
});

test('A Retry-After of a day is five minutes', async () => {
  const { auth } = await here.signedIn();
  here.authority.next.set('POST /auth/refresh', [{ ...DOWN, headers: { 'retry-after': '86400' } }]);
  /** @type {any} */ let failed;
  auth.on('refresh-failed', (event) => { failed = event; });
  assert.equal((await auth.refresh()).cause?.retryAfterMs, 86_400_000);
  await until(() => failed);
  assert.equal(failed.nextRetryMs, 300_000);
});

test('Who was asked to ask again takes another tab\'s token meanwhile', async () => {
  const [a, b] = [await here.signedIn(), here.tab()];
  await b.auth.ready();
  here.authority.next.set('POST /auth/refresh', [{ ...here.problem('ask_again', 409), headers: { 'retry-after': '9' } }]);
  const asked = b.auth.refresh();
  await until(() => here.refreshes() === 1);
  await a.auth.refresh();
  assert.equal((await Promise.race([asked, pass(3_000).then(() => ({ status: 'hangs' }))])).status, 'already-newer');
});

test('A listener that asks for a refresh a moment later goes round no more than once', async () => {
  const { auth } = await here.signedIn();
  auth.on('refreshed', async () => {
    await 0;
    auth.refresh();
  });
  await auth.refresh();
  await pass(200);
  assert.equal(here.refreshes(), 1);
});

test('A subscriber that asks for a refresh goes round no more than once', async () => {
  const { auth } = await here.signedIn();
  auth.subscribe(() => void auth.refresh());
  await auth.refresh();
  await pass(200);
  assert.equal(here.refreshes(), 1);
});

test('Who forces a new token gets one, each time', async () => {
  const { auth } = await here.signedIn();
  const tokens = [await auth.token({ force: true }), await auth.token({ force: true })];
  assert.notEqual(tokens[0], tokens[1]);
});

test('A signal that is used again and again keeps no listeners', async () => {
  const { auth } = await here.signedIn();
  const { signal } = new AbortController();
  let listening = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (/** @type {any[]} */ ...args) => { listening++; /** @type {any} */ (add)(...args); };
  signal.removeEventListener = (/** @type {any[]} */ ...args) => { listening--; /** @type {any} */ (remove)(...args); };
  for (let i = 0; i < 5; i++) await auth.token({ force: true, signal });
  await pass(0);
  assert.equal(listening, 0);
});
