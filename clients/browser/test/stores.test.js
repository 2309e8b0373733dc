/** Stores of the application's own: slow ones, failing ones, and those that never answer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../testing/browser.js';
import { pass, useTabs } from '../testing/tabs.js';

const here = useTabs();

/** @param {any} [more] @returns {any} */
function storeOf(more) {
  const store = {
    /** @type {any} */ kept: null,
    load: async () => store.kept,
    save: async (/** @type {any} */ session) => { store.kept = session; },
    clear: async () => { store.kept = null; },
    ...more,
  };
  return store;
}
const within = (/** @type {Promise<any>} */ promise) => Promise.race([promise, pass(8_000).then(() => assert.fail('hangs'))]);

test('A log-out while a store saves is not undone by it', async () => {
  const store = storeOf();
  const { auth } = await here.signedIn({ mode: 'token', storage: store });
  store.save = async (/** @type {any} */ session) => { await pass(100); store.kept = session; };
  const refreshing = auth.refresh();
  await until(() => here.refreshes() === 1);
  await pass(40);
  await auth.logout();
  assert.equal((await refreshing).status, 'signed-out');
  await pass(150);
  assert.deepEqual([auth.state.status, await auth.token(), store.kept, here.authority.ended], ['anonymous', null, null, 'logout']);
});

test('Other tabs are told of a log-out when the store is clear', async () => {
  const store = storeOf();
  const [a, b] = [await here.signedIn({ mode: 'token', storage: store }), here.tab({ mode: 'token', storage: store })];
  await b.auth.ready();
  store.clear = async () => { await pass(80); store.kept = null; };
  await a.auth.logout();
  await until(() => b.auth.state.status === 'anonymous');
});

test('A store that fails once at the start signs nobody out', async () => {
  const store = storeOf();
  (await here.signedIn({ mode: 'token', storage: store })).auth.dispose();
  const { load } = store;
  let failures = 2;
  store.load = async () => { if (failures-- > 0) throw new Error('busy'); return load(); };
  const { auth } = here.tab({ mode: 'token', storage: store, backoff: { min: 1, max: 1 } });
  assert.equal((await auth.ready()).status, 'stale');
  await until(async () => (await auth.refresh()).status === 'refreshed');
});

test('A log-out is told to the server also when the store cannot be read', async () => {
  const store = storeOf();
  const { auth } = await here.signedIn({ mode: 'token', storage: store });
  const body = here.authority.last;
  store.load = async () => { throw new Error('busy'); };
  await auth.logout();
  assert.deepEqual([auth.state.status, here.authority.ended, here.authority.last], ['anonymous', 'logout', body]);
});

test('A store that rejects leaves no promise that nobody hears of', async () => {
  const unheard = /** @type {any[]} */ ([]);
  const hear = (/** @type {any} */ reason) => void unheard.push(reason);
  process.on('unhandledRejection', hear);
  try {
    const store = storeOf();
    const { auth } = await here.signedIn({ mode: 'token', storage: store });
    store.load = store.clear = async () => { throw new Error('busy'); };
    here.browser.fire('focus');
    await auth.logout();
    await pass(50);
    assert.deepEqual(unheard, []);
  } finally {
    process.off('unhandledRejection', hear);
  }
});

test('A store that never answers is given up', async () => {
  const store = storeOf({ load: () => new Promise(() => {}) });
  const { auth } = here.tab({ mode: 'token', storage: store });
  assert.equal((await within(auth.ready())).status, 'stale');
});

test('A store that cannot save is a typed error, and the old token stays good', async () => {
  const store = storeOf({ save: () => { throw new Error('full'); } });
  const { auth } = here.tab({ mode: 'token', storage: store });
  await assert.rejects(auth.login({ username: 'ada', password: 'right' }), { name: 'AuthError', code: 'storage' });
});
