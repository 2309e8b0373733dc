/** Against the real server: what it revokes is refused, and what happens when it is gone. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import express from 'express';
import { createVerifier } from '../verify.js';
import { Authority, CLIENT } from '../testing/authority.js';
import { patiently } from '../testing/patiently.js';

/** @type {Authority} */
let authority;
/** @type {import('../verify.js').Verifier} */
let verifier;
/** @type {string} */
let admin;
let ahead = 0;

before(async () => {
  authority = await Authority.start();
  verifier = verifierOf();
  assert.equal((await verifier.ready()).status, 'healthy');
  admin = await authority.admin();
});

after(async () => {
  await verifier.close();
  await authority.kill();
});

/** @param {Partial<import('../verify.js').VerifierOptions>} [more] */
const verifierOf = (more) => createVerifier({ issuer: authority.url, audience: 'api', ...CLIENT, log: false, now: () => Date.now() + ahead, ...more });

/** Its code, and reason if there is one; 'ok' when it passes. @param {string} token @param {import('../verify.js').DemandOptions} [demand] @param {import('../verify.js').Verifier} [by] */
const outcome = (token, demand, by = verifier) => by.verify(token, demand).then(() => 'ok', (error) => [error.code, error.reason].filter(Boolean).join(' '));

/** @param {string} token @param {string} expected @param {import('../verify.js').Verifier} [by] */
const becomes = (token, expected, by) => patiently(async () => (await outcome(token, undefined, by)) === expected, expected);

test('verify_GivesTheClaims_WhenTheSessionIsAlive', async () => {
  const { access_token: token, session_id: sid } = await authority.register();
  const auth = await verifier.verify(token);
  assert.equal(auth.sid, sid);
  assert.equal(auth.claims.iss, authority.url);
  assert.equal(auth.isLive, false);
  assert.equal((await verifier.verify(token, { mode: 'live' })).isLive, true);
  assert.equal(await outcome(token, { mode: 'offline' }), 'ok');
  assert.throws(() => { auth.claims.sub = 'root'; }, TypeError);
});

test('verify_Refuses_WhenTheSessionWasLoggedOut', async () => {
  const { access_token: token, refresh_token: refresh } = await authority.register();
  assert.equal(await outcome(token), 'ok');
  await authority.post('/auth/logout', { refresh_token: refresh });
  assert.equal(await outcome(token, { mode: 'live' }), 'token_revoked logout');
  await becomes(token, 'token_revoked logout');
  assert.equal(await outcome(token, { mode: 'offline' }), 'ok');
});

test('verify_Refuses_WhenOneTokenWasGivenBack', async () => {
  const { access_token: token } = await authority.register();
  const body = new URLSearchParams({ token, client_id: 'web' });
  assert.equal((await fetch(`${authority.url}/oauth/revoke`, { method: 'POST', body })).status, 200);
  await becomes(token, 'token_revoked');
});

test('verify_AnswersClaimsStale_WhenARoleChanged', async () => {
  const { access_token: token, refresh_token: refresh } = await authority.register();
  const { sub } = await verifier.verify(token);
  await authority.call('PATCH', `/admin/users/${sub}`, { roles: ['editor'] }, admin);
  await becomes(token, 'claims_stale');
  assert.equal(await outcome(token, { mode: 'live' }), 'claims_stale');
  const next = await authority.post('/auth/refresh', { refresh_token: refresh });
  assert.deepEqual((await verifier.verify(next.access_token)).roles, ['editor']);
});

test('verify_Refuses_WhenAllSessionsOfTheAccountWereEnded', async () => {
  const { access_token: token } = await authority.register();
  const { sub } = await verifier.verify(token);
  await authority.post(`/admin/users/${sub}/end-sessions`, {}, admin);
  await patiently(async () => (await outcome(token)).startsWith('token_revoked'), 'refused');
  const { access_token: another } = await authority.register();
  assert.equal(await outcome(another), 'ok');
});

test('receipt_CountsTheVerifier_AndNoneAfterItHasLeft', async () => {
  const leaving = verifierOf({ verifierName: 'leaving' });
  await leaving.ready();
  const { access_token: token, refresh_token: refresh } = await authority.register();
  assert.equal(await outcome(token, undefined, leaving), 'ok');
  const { receipt } = await authority.post('/auth/logout?wait=5s', { refresh_token: refresh });
  assert.deepEqual([receipt.verifiers, receipt.acknowledged, receipt.late], [2, 2, 0]);
  assert.equal(await outcome(token), 'token_revoked logout');
  assert.equal(await outcome(token, undefined, leaving), 'token_revoked logout');

  await leaving.close();
  const second = await authority.register();
  const answer = await authority.post('/auth/logout?wait=5s', { refresh_token: second.refresh_token });
  assert.equal(answer.receipt.verifiers, 1);
});

test('middleware_AnswersProblemDocuments_OfTheRoute', async () => {
  const app = express();
  app.get('/open', verifier.middleware(), (request, response) => void response.json({ sub: /** @type {any} */ (request).auth.sub }));
  app.get('/admin', verifier.middleware({ roles: ['admin', 'owner'] }), (_, response) => void response.json({ ok: true }));
  app.get('/orders', verifier.middleware({ scope: 'orders' }), (_, response) => void response.json({ ok: true }));
  const listening = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => listening.once('listening', resolve));
  const { port } = /** @type {import('node:net').AddressInfo} */ (listening.address());
  /** @param {string} path @param {Record<string, string>} [headers] */
  const ask = async (path, headers) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
    const { code } = await response.json();
    return [response.status, code, response.headers.get('www-authenticate')];
  };
  try {
    const { access_token: token } = await authority.register();
    const [user, root] = [{ authorization: `Bearer ${token}` }, { authorization: `Bearer ${admin}` }];
    assert.deepEqual(await ask('/open'), [401, 'token_missing', 'Bearer']);
    assert.deepEqual(await ask('/open', { authorization: 'Basic eA==' }), [401, 'token_missing', 'Bearer']);
    assert.deepEqual(await ask('/open', { authorization: 'Bearer x' }), [401, 'token_malformed', 'Bearer error="invalid_token", error_description="token_malformed"']);
    assert.deepEqual(await ask('/open', user), [200, undefined, null]);
    assert.deepEqual(await ask('/admin', user), [403, 'role_missing', 'Bearer error="insufficient_scope"']);
    assert.deepEqual(await ask('/admin', root), [200, undefined, null]);
    assert.deepEqual(await ask('/orders', user), [403, 'scope_missing', 'Bearer error="insufficient_scope", scope="orders"']);
    const traced = await fetch(`http://127.0.0.1:${port}/open`, { headers: { traceparent: `00-${'a1'.repeat(16)}-${'b2'.repeat(8)}-01` } });
    assert.equal(traced.headers.get('content-type'), 'application/problem+json');
    assert.equal((await traced.json()).trace_id, 'a1'.repeat(16));
  } finally {
    listening.closeAllConnections();
    listening.close();
  }
});

test('verify_RefusesARemovedKeysTokens_AndTakesItsSuccessors', async () => {
  const { access_token: token, refresh_token: refresh } = await authority.register();
  assert.equal(await outcome(token), 'ok');
  const kid = JSON.parse(Buffer.from(token.split('.')[0], 'base64url').toString()).kid;
  await authority.call('DELETE', `/admin/keys/${kid}`, undefined, admin);
  await becomes(token, 'token_key');
  const next = await authority.post('/auth/refresh', { refresh_token: refresh });
  await becomes(next.access_token, 'ok');
  admin = await authority.admin();
});

test('verify_Refuses_WhenEveryoneIsOut', async () => {
  const { access_token: token } = await authority.register();
  await authority.post('/admin/end-all', {}, admin);
  await becomes(token, 'token_revoked all_ended');
  const { access_token: another } = await authority.register();
  assert.equal(await outcome(another), 'ok');
});

test('whenStale_Decides_WhenTheAuthorityIsGone', async () => {
  const { access_token: token } = await authority.register();
  await becomes(token, 'ok');
  await authority.kill();
  for (const whenStale of /** @type {const} */ (['deny', 'ask', 'allow'])) assert.equal(await outcome(token, { whenStale, maxStaleness: 60 }), 'ok');
  assert.equal(await outcome(token, { mode: 'live' }), 'unavailable');

  ahead = 61_000;
  assert.equal(await outcome(token, { whenStale: 'deny', maxStaleness: 60 }), 'view_stale');
  assert.equal(await outcome(token, { whenStale: 'ask', maxStaleness: 60 }), 'view_stale');
  assert.equal(await outcome(token, { whenStale: 'allow', maxStaleness: 60 }), 'ok');
  assert.equal(await outcome(token, { mode: 'offline' }), 'ok');
  assert.equal(verifier.health().status, 'degraded');

  ahead = 3_700_000;
  assert.equal(await outcome(token, { whenStale: 'allow', maxStaleness: 60 }), 'token_expired');
});
