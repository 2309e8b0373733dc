/** The user's other sessions, as the contract has them. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createAuth } from '../client.js';
import { startAuthority } from '../testing/authority.js';
import { jarFetch, openBrowser } from '../testing/browser.js';

/** @type {any} */ let authority;
/** @type {ReturnType<typeof createAuth>} */ let auth;
before(async () => {
  ({ authority } = await startAuthority());
  openBrowser({ url: authority.url });
  auth = createAuth({ url: '/auth', fetch: /** @type {any} */ (jarFetch) });
  await auth.login({ username: 'ada', password: 'right' });
});
after(async () => {
  auth.dispose();
  await authority.close();
});

test('Renaming and ending give nothing back, whatever the server answers', async () => {
  authority.next.set('PATCH /auth/sessions/other', [{ status: 200, body: { session_id: 'other' } }]);
  authority.next.set('DELETE /auth/sessions/other', [{ status: 200, body: { session_id: 'other' } }]);
  assert.deepEqual([await auth.sessions.rename('other', 'Phone'), await auth.sessions.end('other')], [undefined, undefined]);
  assert.deepEqual([authority.count('PATCH /auth/sessions/other'), authority.count('DELETE /auth/sessions/other')], [1, 1]);
});
