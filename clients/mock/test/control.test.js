import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { connectMock, startMock } from '../mock.js';
/** @import { Mock } from '../mock.js' */

/** Every control call against the real mock: what it says, and that it does it. */
describe('a mock', () => {
  /** @type {Mock} */
  let mock;
  before(async () => {
    mock = await startMock({
      ttl: '60s',
      refreshTtl: '10m',
      faults: [{ kind: 'status', path: '/api/broken', status: 503, times: 1 }],
      seed: 7,
    });
  });
  after(() => mock?.stop());
  beforeEach(() => mock.reset());

  const logIn = async (/** @type {string} */ name) => {
    const answer = await fetch(`${mock.url}/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ username: name, password: name }) });
    assert.equal(answer.status, 200);
    return /** @type {{ access_token: string, refresh_token: string, session_id: string }} */ (await answer.json());
  };
  const get = async (/** @type {string} */ path, /** @type {string} */ token) => {
    const answer = await fetch(`${mock.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    const body = /** @type {any} */ (await answer.json().catch(() => null));
    return [answer.status, body?.code ?? body];
  };

  test('has the clock turned', async () => {
    const { access_token } = await logIn('user');
    const before = await mock.clock.now();
    const { offset_ms } = await mock.clock.advance('3m');
    assert.ok(offset_ms >= 180_000);
    assert.ok((await mock.clock.now()).getTime() - before.getTime() >= 180_000);
    assert.deepEqual(await get('/api/any', access_token), [401, 'token_expired']);
    assert.equal((await mock.clock.set('2040-01-01T00:00:00Z')).now.slice(0, 10), '2040-01-01');
  });

  test('lets tokens and sessions expire', async () => {
    const bob = await logIn('user');
    await logIn('admin');
    assert.equal(await mock.expire('access', { username: 'user' }), 1);
    assert.deepEqual(await get('/api/any', bob.access_token), [401, 'token_expired']);
    assert.equal(await mock.expire('session'), 2);
    assert.deepEqual((await mock.state()).sessions.map(({ live, reason }) => [live, reason]), [[false, 'inactivity'], [false, 'inactivity']]);
  });

  test('ends sessions, with a reason', async () => {
    const { access_token, session_id } = await logIn('user');
    assert.equal(await mock.revoke({ session_id }, 'refresh_reuse'), 1);
    assert.deepEqual(await get('/api/any', access_token), [401, 'token_revoked']);
    assert.equal((await mock.state()).sessions.find((session) => session.session_id === session_id)?.reason, 'refresh_reuse');
    assert.equal(await mock.revoke({ all: true }), 0);
  });

  test('changes roles', async () => {
    const { access_token } = await logIn('user');
    assert.deepEqual((await mock.roles('user', ['admin'])).roles, ['admin']);
    assert.deepEqual(await get('/api/any', access_token), [401, 'claims_stale']);
  });

  test('has faults: those of the start come back with a reset', async () => {
    const { access_token } = await logIn('user');
    assert.deepEqual(await get('/api/broken', access_token), [503, 'unavailable']);
    assert.equal((await get('/api/broken', access_token))[0], 200);
    const { id } = await mock.faults.add({ kind: 'lost-response', path: '/auth/refresh', times: 1 });
    await mock.faults.add({ kind: 'html-200', path: '/api/portal' });
    assert.equal((await mock.faults.list()).length, 2);
    await mock.faults.remove(id);
    assert.deepEqual((await mock.faults.list()).map(({ kind }) => kind), ['html-200']);
    await mock.faults.clear();
    assert.deepEqual(await mock.faults.list(), []);
    await mock.reset();
    assert.deepEqual((await mock.faults.list()).map(({ kind, status }) => [kind, status]), [['status', 503]]);
  });

  test('counts what was asked, never what was said', async () => {
    const { access_token } = await logIn('user');
    await get('/api/any?token=hidden', access_token);
    assert.equal(await mock.log.count('post', '/auth/login'), 1);
    assert.equal(await mock.log.count('GET', '/nothing'), 0);
    const entries = await mock.log.entries();
    assert.deepEqual(entries.map(({ method, path, status, username }) => [method, path, status, username]), [['POST', '/auth/login', 200, 'user'], ['GET', '/api/any', 200, 'user']]);
    assert.deepEqual(await mock.log.entries({ since: entries[0].n }), entries.slice(1));
    assert.ok(!JSON.stringify(entries).includes(access_token.slice(0, 20)));
    await mock.log.clear();
    assert.deepEqual(await mock.log.entries(), []);
  });

  test('refuses what it does not understand, and says what it expects', async () => {
    const wrong = /** @type {any} */ ({ kind: 'earthquake' });
    await assert.rejects(mock.faults.add(wrong), { code: 'refused', status: 400, message: /kind must be one of status, delay/ });
    await assert.rejects(mock.clock.advance('a while'), { code: 'refused', status: 400 });
    await assert.rejects(mock.roles('nobody', []), { code: 'refused', status: 404 });
    await assert.rejects(mock.faults.remove('../clock'), { code: 'refused', status: 404 });
  });

  test('is found by its address', async () => {
    const same = await connectMock(`${mock.url}/`);
    assert.equal((await same.state()).seed, 7);
  });
});
