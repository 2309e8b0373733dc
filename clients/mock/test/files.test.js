import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startMock } from '../mock.js';
/** @import { Mock } from '../mock.js' */

describe('files given as objects', () => {
  /** @type {Mock} */
  let mock;
  before(async () => {
    mock = await startMock({
      users: [{ username: 'ada', password: 'ada', roles: ['admin'] }, { username: 'bob', password: 'bob' }],
      routes: [{ path: '/api/open', anonymous: true, body: { open: true } }, { path: '/api/secret', roles: ['admin'] }, { path: '/api/*' }],
      data: { posts: [{ id: 1, title: 'First' }] },
    });
  });
  after(() => mock?.stop());

  const logIn = async (/** @type {string} */ name) => {
    const answer = await fetch(`${mock.url}/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ username: name, password: name }) });
    return /** @type {{ access_token: string }} */ (await answer.json());
  };
  const get = async (/** @type {string} */ path, /** @type {string} */ token) => {
    const answer = await fetch(`${mock.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    const body = /** @type {any} */ (await answer.json());
    return [answer.status, body.code ?? body];
  };

  test('are users who log in, routes and data', async () => {
    const ada = await logIn('ada');
    const bob = await logIn('bob');
    assert.deepEqual(await get('/api/open', ''), [200, { open: true }]);
    assert.equal((await get('/api/secret', ada.access_token))[0], 200);
    assert.deepEqual(await get('/api/secret', bob.access_token), [403, 'role_missing']);
    assert.deepEqual(await get('/api/posts/1', bob.access_token), [200, { id: 1, title: 'First' }]);
  });

  test('are refused with file and line', async () => {
    const users = /** @type {any} */ ([{ username: 'ada' }]);
    await assert.rejects(startMock({ users }), { code: 'died', message: /accounts\.json:\d+: / });
  });
});
