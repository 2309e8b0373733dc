import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { other, page, refreshes, site } from '../testing/adapter-page.js';

describe('installFetch', () => {
  beforeEach(() => page.evaluate(async () => {
    window.undo = (await load('install-fetch.js')).installFetch(auth);
  }));

  test('sends the token, and refreshes once for 50 calls, without going round', async () => {
    site.expire();
    const statuses = await page.evaluate(async () => (await Promise.all(Array.from({ length: 50 }, () => fetch('/api/a')))).map(({ status }) => status));
    assert.deepEqual(statuses, Array(50).fill(200));
    assert.equal(refreshes(), 1);
  });

  test('goes on as before for other origins, own Authorization headers and what cannot be sent', async () => {
    const seen = await page.evaluate(async (elsewhere) => ({
      abroad: (await (await fetch(`${elsewhere}/api/headers`)).json()).authorization ?? null,
      own: (await (await fetch('/api/headers', { headers: { authorization: 'Basic eA==' } })).json()).authorization,
      request: (await (await fetch(new Request('/api/headers', { headers: { authorization: 'Basic eA==' } }))).json()).authorization,
      wrong: await fetch('http://[', { headers: { '': '' } }).catch((error) => error.name),
      posted: await (await fetch(new Request('/api/a', { method: 'POST', body: 'text' }))).json(),
    }), other.url);
    assert.deepEqual(seen, { abroad: null, own: 'Basic eA==', request: 'Basic eA==', wrong: 'TypeError', posted: { method: 'POST', path: '/api/a', body: 'text', type: 'text/plain;charset=UTF-8' } });
  });

  test('signs out and in again through the original', async () => {
    const statuses = await page.evaluate(async () => {
      await auth.logout();
      const anonymous = (await fetch('/api/a')).status;
      await auth.login({ username: 'ada', password: 'p' });
      return [anonymous, (await fetch('/api/a')).status];
    });
    assert.deepEqual(statuses, [401, 200]);
  });

  test('puts the original back, or passes through below another', async () => {
    const seen = await page.evaluate(async () => {
      undo();
      const restored = fetch === nativeFetch;
      const { installFetch } = await load('install-fetch.js');
      const again = installFetch(auth);
      const ours = fetch;
      window.fetch = (...args) => ours(...args);
      const theirs = fetch;
      again();
      return { restored, kept: fetch === theirs, through: (await (await fetch('/api/headers')).json()).authorization ?? null };
    });
    assert.deepEqual(seen, { restored: true, kept: true, through: null });
  });
});
