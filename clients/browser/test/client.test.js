/** The client over real HTTP: tabs are clients in one process, which share storage, jar, locks and channel. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { createAuth } from '../client.js';
import { startAuthority } from '../testing/authority.js';
import { jarFetch, openBrowser, until } from '../testing/browser.js';

/** @type {any} */ let authority;
/** @type {any} */ let problem;
/** @type {ReturnType<typeof openBrowser>} */ let browser;
/** @type {any[]} */ let open = [];

before(async () => ({ authority, problem } = await startAuthority()));
after(() => authority.close());
beforeEach(() => {
  authority.log.length = authority.attempts.length = 0;
  Object.assign(authority, { generation: 0, ended: '', ttl: 600, epoch: 1, skew: 0, last: '' });
  authority.next.clear();
  authority.delay.clear();
  browser = openBrowser({ url: authority.url });
});
afterEach(() => {
  for (const tab of open) tab.dispose();
  open = [];
});

const tab = (options = {}) => {
  const auth = createAuth({ url: '/auth', fetch: /** @type {any} */ (jarFetch), ...options });
  const told = /** @type {string[]} */ ([]);
  const names = /** @type {const} */ (['signed-in', 'refreshed', 'claims-changed', 'signed-out', 'refresh-failed', 'offline', 'online', 'clock-skew', 'login-needed']);
  for (const name of names) auth.on(name, (/** @type {any} */ event) => told.push(`${name} ${event.reason ?? event.cause?.code ?? event.source ?? event.ms ?? ''}`.trim()));
  open.push(auth);
  return { auth, told };
};
const signedIn = async (options = {}) => {
  const here = tab(options);
  await here.auth.login({ username: 'ada', password: 'right' });
  return here;
};
const api = (/** @type {string | number} */ path) => `${authority.url}/api/${path}`;
const refreshes = () => authority.count('POST /auth/refresh');

test('A first visit asks the server nothing', async () => {
  const { auth } = tab();
  assert.deepEqual(await auth.ready(), { status: 'anonymous', session: undefined, expiresAt: undefined, reason: undefined });
  assert.deepEqual(authority.log, []);
});

test('Fifty calls whose 401s come over 300 ms are one refresh, and all succeed', async () => {
  const { auth, told } = await signedIn();
  authority.epoch++;
  const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => auth.fetch(api(`slow/${i * 6}`))));
  assert.deepEqual([refreshes(), answers.filter(({ status }) => status === 200).length], [1, 50]);
  await until(() => told.includes('refreshed self'));
  assert.ok(told.includes('claims-changed self'));
});

test('Two tabs with fifty calls each are one refresh', async () => {
  const [a, b] = [await signedIn(), tab()];
  await until(() => b.auth.state.status === 'active');
  authority.epoch++;
  authority.log.length = 0;
  const answers = await Promise.all([a, b].flatMap(({ auth }) => Array.from({ length: 50 }, (_, i) => auth.fetch(api(`slow/${i * 3}`)))));
  assert.deepEqual([refreshes(), answers.every(({ status }) => status === 200)], [1, true]);
});

test('A call that learns of it late refreshes no more', async () => {
  const { auth } = await signedIn();
  const old = /** @type {string} */ (await auth.token());
  await auth.refresh();
  assert.equal((await auth.refresh({ ifToken: old })).status, 'already-newer');
  assert.equal(refreshes(), 1);
});

test('A second tab takes the token of the first; without a channel it refreshes', async () => {
  await signedIn();
  const b = tab();
  assert.equal((await b.auth.ready()).status, 'active');
  assert.equal(refreshes(), 0);
  const c = tab({ sync: false });
  assert.equal((await c.auth.ready()).status, 'active');
  assert.equal(refreshes(), 1);
});

test('A log-out while another tab refreshes leaves nobody signed in, and nothing is written back', async () => {
  const [a, b] = [await signedIn(), tab()];
  await b.auth.ready();
  authority.delay.set('POST /auth/refresh', 150);
  const refreshing = b.auth.refresh();
  await until(() => refreshes() === 1);
  await a.auth.logout();
  assert.equal((await refreshing).status, 'signed-out');
  assert.deepEqual([a.auth.state.status, b.auth.state.status, b.auth.state.reason], ['anonymous', 'anonymous', 'logout']);
  assert.equal(JSON.parse(browser.stored.get(`symbolon ${authority.url}/auth/`) ?? '').sid, undefined);
});

test('A log-out without a network is done at once here, and told later', async () => {
  let offline = false;
  const fetch = /** @type {any} */ ((/** @type {Request} */ request) => (offline ? Promise.reject(new TypeError('no network')) : jarFetch(request)));
  const [a, b] = [await signedIn({ fetch }), tab({ fetch })];
  await b.auth.ready();
  offline = true;
  const done = a.auth.logout();
  assert.equal(a.auth.state.status, 'anonymous');
  await done;
  await until(() => b.auth.state.status === 'anonymous');
  assert.equal(authority.ended, '');
  offline = false;
  browser.fire('online');
  await until(() => authority.ended === 'logout');
});

test('A lost answer is asked for once more with the same attempt', async () => {
  const { auth } = await signedIn({ backoff: { min: 1 } });
  authority.next.set('POST /auth/refresh', [{ status: 503, body: 'down' }]);
  assert.equal((await auth.refresh()).status, 'kept');
  await until(async () => (await auth.refresh()).status === 'refreshed');
  assert.equal(new Set(authority.attempts).size, 1);
  assert.match(authority.attempts[0], /^[\w-]{22,128}$/);
  assert.equal(browser.stored.has(`symbolon ${authority.url}/auth/ attempt`), false);
});

test('An answer that is cut off is asked for again at once, and no caller notices', async () => {
  const { auth, told } = await signedIn();
  authority.next.set('POST /auth/refresh', ['cut']);
  assert.equal((await auth.refresh()).status, 'refreshed');
  assert.equal(new Set(authority.attempts).size, 1);
  assert.ok(!told.some((event) => event.startsWith('refresh-failed')));
});

test('409 ask_again is one more look, which no caller notices', async () => {
  const { auth } = await signedIn();
  authority.next.set('POST /auth/refresh', [{ ...problem('ask_again', 409), headers: { 'retry-after': '0' } }]);
  assert.equal((await auth.refresh()).status, 'refreshed');
  assert.equal(refreshes(), 2);
});

for (const [what, answer] of /** @type {[string, any][]} */ ([
  ['a captive portal', { status: 200, type: 'text/html', body: '<html>' }],
  ['a proxy\'s 401', { status: 401, type: 'text/html', body: 'who are you' }],
  ['a proxy\'s 403', { status: 403, body: {} }],
  ['too many requests', { status: 429, body: {}, headers: { 'retry-after': '20' } }],
])) {
  test(`The session is kept after ${what}`, async () => {
    const { auth, told } = await signedIn({ backoff: { min: 1e6, max: 1e6 } });
    authority.next.set('POST /auth/refresh', [answer]);
    const { status, cause } = await auth.refresh();
    assert.equal(status, 'kept');
    assert.ok(cause);
    assert.equal((await auth.fetch(api('x'))).status, 200);
    if (answer.status === 429) assert.equal(cause.retryAfterMs, 20_000);
    assert.equal((await auth.refresh()).status, 'kept');
    assert.equal(refreshes(), 1);
    assert.equal(told.filter((event) => event.startsWith('refresh-failed')).length, 1);
  });
}

test('The end of a session is told in every tab, with its reason', async () => {
  const [a, b] = [await signedIn(), tab()];
  await b.auth.ready();
  authority.ended = 'ended_by_admin';
  assert.equal((await a.auth.fetch(api('x'))).status, 401);
  await until(() => b.told.includes('signed-out ended_by_admin'));
  assert.ok(a.told.includes('signed-out ended_by_admin'));
  await until(() => a.told.some((event) => event.startsWith('login-needed')));
  assert.equal(refreshes(), 1);
});

test('Another browser tab\'s sign-out is seen in storage, where there is no channel', async () => {
  const { auth } = await signedIn({ sync: false });
  const key = `symbolon ${authority.url}/auth/`;
  browser.stored.set(key, JSON.stringify({ reason: 'refresh_reuse' }));
  browser.fire('storage', { key });
  await until(() => auth.state.status === 'anonymous');
  assert.equal(auth.state.reason, 'refresh_reuse');
});

test('A listener that never ends or asks for a refresh itself holds up nobody', async () => {
  const { auth } = await signedIn();
  auth.on('refreshed', () => new Promise(() => {}));
  const nested = new Promise((resolve) => { auth.on('refreshed', async () => resolve(await auth.refresh())); });
  await auth.refresh();
  assert.equal(/** @type {any} */ (await nested).status, 'already-newer');
  assert.equal(refreshes(), 1);
});

test('The token goes where it may, and nowhere else', async () => {
  const { auth } = await signedIn({ attach: [`${authority.url}/api/mine/`] });
  assert.equal((await (await auth.fetch(api('x'))).json()).authorization, undefined);
  assert.match((await (await auth.fetch(api('mine/x'))).json()).authorization, /^Bearer /);
});

test('A stream is not sent twice: the 401 is handed over, and the token is renewed', async () => {
  const { auth } = await signedIn();
  authority.epoch++;
  const body = new Blob(['once']).stream();
  await assert.rejects(auth.fetch(api('x'), { method: 'POST', body, duplex: 'half' }), { code: 'body_not_replayable' });
  assert.equal(refreshes(), 1);
  const form = new FormData();
  form.set('a', 'b');
  authority.epoch++;
  assert.match((await (await auth.fetch(api('x'), { method: 'POST', body: form })).json()).body, /name="a"/);
});

test('A server that is not Symbolon is a typed error at once', async () => {
  const { auth } = tab({ url: '/api/nothing' });
  assert.equal((await auth.ready()).status, 'anonymous');
  authority.next.set('POST /api/nothing/login', [{ status: 404, type: 'text/html', body: 'no' }, { status: 200, body: { id: 1 } }]);
  await assert.rejects(auth.login({}), { name: 'AuthError', code: 'not_symbolon', status: 404 });
  await assert.rejects(auth.login({}), { code: 'no_session' });
  assert.equal(auth.state.status, 'anonymous');
});

test('In token mode the refresh token stays in the store, and only a newer one is stored', async () => {
  const saved = /** @type {any[]} */ ([]);
  /** @type {any} */ let kept = null;
  const storage = { load: async () => kept, save: async (/** @type {any} */ session) => { saved.push(kept = session); }, clear: async () => { kept = null; } };
  const { auth } = await signedIn({ mode: 'token', storage });
  await auth.refresh();
  assert.deepEqual(saved.map(({ refreshToken }) => refreshToken), [`s${authority.sid}.1`, `s${authority.sid}.2`]);
  assert.ok(![...browser.stored.values()].some((text) => text.includes(saved[1].refreshToken)));
  await auth.logout();
  assert.deepEqual([kept, authority.ended], [null, 'logout']);
});

test('A wrong clock of the server is reported and changes nothing', async () => {
  authority.skew = 3_600_000;
  const { auth, told } = await signedIn();
  assert.equal(auth.state.status, 'active');
  await until(() => told.some((event) => /^clock-skew 3[56]\d{5}$/.test(event)));
});

test('Where storage throws and there are no Web Locks, a session lasts until the page is left', async () => {
  browser = openBrowser({ url: authority.url, locks: null, storage: false });
  const { auth } = await signedIn();
  assert.equal((await auth.refresh()).status, 'refreshed');
  assert.equal((await auth.fetch(api('x'))).status, 200);
});

test('On a server nobody is signed in, and requests pass through', async () => {
  const { window } = globalThis;
  Reflect.deleteProperty(globalThis, 'window');
  try {
    const auth = createAuth({ url: '/auth' });
    assert.deepEqual([(await auth.ready()).status, await auth.token(), (await auth.fetch(api('x'))).status], ['anonymous', null, 401]);
    await assert.rejects(auth.login({}), { code: 'no_window' });
  } finally {
    Object.assign(globalThis, { window });
  }
});

test('The devices are listed, and a log-out everywhere ends them', async () => {
  const { auth } = await signedIn();
  assert.equal((await auth.sessions.list())[0].current, true);
  await auth.logout({ scope: 'all' });
  assert.deepEqual([auth.state.status, auth.state.reason, authority.ended], ['anonymous', 'all_ended', 'all_ended']);
});
