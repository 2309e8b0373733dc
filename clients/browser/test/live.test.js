/** Live endings: who leads, and that nobody does who is gone. */
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { createAuth } from '../client.js';
import { startAuthority } from '../testing/authority.js';
import { jarFetch, locks, openBrowser, until } from '../testing/browser.js';

/** @type {any} */ let authority;
/** @type {ReturnType<typeof openBrowser>} */ let browser;
/** @type {any[]} */ let open = [];
/** The names of the listeners that the page was given, and how often the lead was asked for. */
let listening, asked;

before(async () => ({ authority } = await startAuthority()));
after(() => authority.close());
beforeEach(() => {
  authority.log.length = 0;
  browser = openBrowser({ url: authority.url });
  [listening, asked] = [[], 0];
  const { window } = browser;
  const { addEventListener } = window;
  window.addEventListener = (type, ...rest) => { listening.push(type); return addEventListener.call(window, type, ...rest); };
  navigator.locks = { request: (name, ...rest) => { asked += / live$/.test(name); return locks.request(name, ...rest); } };
});
afterEach(() => {
  for (const auth of open) auth.dispose();
  open = [];
});

const client = () => {
  const auth = createAuth({ url: '/auth', events: 'sse', fetch: /** @type {any} */ (jarFetch) });
  open.push(auth);
  return auth;
};
const signIn = (auth) => auth.login({ username: 'ada', password: 'right' });
const streams = () => authority.count('GET /auth/events');
/** Once nobody leads. */
const free = () => locks.request(`symbolon ${authority.url}/auth/ live`, {}, async () => true);

test('A client that was disposed of before it had started follows nothing', async () => {
  const early = client();
  const before = listening.length;
  early.dispose();
  await early.ready();
  await import('../live.js');
  await new Promise((turn) => setImmediate(turn));   // its own import of it has been answered as well
  assert.deepEqual([asked, listening.slice(before), streams()], [0, [], 0]);
});

test('A client leads, although another one was disposed of before it had started', async () => {
  client().dispose();
  await signIn(client());
  await until(() => streams() > 0);
});

test('Nobody leads after dispose, not even when the page comes back', async () => {
  const auth = client();
  await signIn(auth);
  await until(() => streams() > 0);
  auth.dispose();
  const had = asked;
  browser.fire('pageshow', { persisted: true });
  assert.deepEqual([await free(), asked], [true, had]);
});

test('A page that is left gives up the lead in the middle of a pause, and leads again when it comes back', async () => {
  client();
  await until(() => asked === 1);
  browser.fire('pagehide');
  assert.equal(await free(), true);
  browser.fire('pageshow', { persisted: true });
  assert.equal(asked, 2);
});

test('A page that is left and comes back any number of times has as many listeners as before', async () => {
  const { inside } = /** @type {any} */ (client());
  await until(() => asked === 1);
  const listeners = () => getEventListeners(inside.ended, 'abort').length + getEventListeners(browser.window, 'pagehide').length;
  const had = listeners();
  for (let turn = 0; turn < 20; turn++) {
    browser.fire('pagehide');
    browser.fire('pageshow', { persisted: true });
  }
  assert.deepEqual([asked, listeners()], [21, had]);
});
