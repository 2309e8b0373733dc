/** What others do to a verifier: authorities that hang, proxies that repeat themselves, listeners that throw, applications that answer first. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, get } from 'node:http';
import { connect, createServer as createHttp2 } from 'node:http2';
import { test } from 'node:test';
import { TokenCheck } from '../check.js';
import { settingsOf } from '../options.js';
import { readJwks } from '../remote/jwk-set.js';
import { deferred } from '../remote/waiting.js';
import { CLIENT } from '../testing/issuer.js';
import { feedScene } from '../testing/feed-scene.js';
import { patiently } from '../testing/patiently.js';

const scene = feedScene();

/** Another verifier instead of the scene's. @param {Partial<import('../verify.js').VerifierOptions>} [more] */
async function again(more) {
  await scene.verifier.close();
  scene.verifier = scene.make(more);
}

test('loops_GoOn_WhenTheLogThrows', async () => {
  const fail = () => { throw new Error('the disk is full'); };
  await again({ log: { info: fail, warn: async () => fail(), error: fail } });
  await scene.followed();
  scene.issuer.instead['/revocations/ack'] = scene.issuer.instead['/oauth/introspect'] = (_, response) => void response.writeHead(503).end();
  const token = await scene.issuer.token();
  for (let i = 0; i < 3; i++) assert.equal(await scene.outcome(token, { mode: 'live' }), 'unavailable');
  scene.issuer.cut();
  scene.issuer.revoke({ kind: 'session', sid: 's1' });
  await scene.becomes(token, 'token_revoked');
});

test('middleware_LeavesAnAnswerAlone_WhichSomebodyHasGivenMeanwhile', async () => {
  await scene.followed();
  const ask = scene.verifier.middleware({ mode: 'live' });
  /** @type {(() => void) | undefined} */
  let refuse;
  scene.issuer.instead['/oauth/introspect'] = (_, response) => void (refuse = () => void response.end('{"active":false}'));
  /** @type {Promise<void> | undefined} */
  let ended;
  const passed = [];
  const server = createServer((request, response) => {
    ended = ask(request, response, (error) => void passed.push(error));
    response.writeHead(504).end('too late'); // as a time limit would
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    const answer = await fetch(`http://127.0.0.1:${port}`, { headers: { authorization: `Bearer ${await scene.issuer.token()}` } });
    assert.deepEqual([answer.status, await answer.text()], [504, 'too late']);
    (await patiently(() => refuse, 'asked'))();
    await ended; // a rejection would be nobody's, and end the process
    assert.deepEqual(passed, []);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('middleware_ReadsTheToken_OfHttp2', async () => {
  await scene.followed();
  const guard = scene.verifier.middleware();
  const server = createHttp2((request, response) => void guard(request, response, (error) => void response.end(String(error ?? /** @type {any} */ (request).auth.sub)))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const client = connect(`http://127.0.0.1:${port}`);
  try {
    /** @param {string} [authorization] */
    const ask = async (authorization) => {
      const stream = client.request({ ':path': '/', ...(authorization ? { authorization } : {}) });
      const [headers] = await once(stream, 'response');
      return [headers[':status'], Buffer.concat(await stream.toArray()).toString()];
    };
    assert.deepEqual(await ask(`Bearer ${await scene.issuer.token()}`), [200, 'ann']);
    assert.equal((await ask())[0], 401);
  } finally {
    client.destroy();
    server.close();
  }
});

test('middleware_Refuses_WhenTheHeaderComesTwice', async () => {
  await scene.followed();
  const guard = scene.verifier.middleware();
  const server = createServer((request, response) => void guard(request, response, () => void response.end('passed'))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    const asked = get({ port, host: '127.0.0.1', headers: /** @type {any} */ ({ authorization: [`Bearer ${await scene.issuer.token()}`, 'Bearer x'] }) });
    const [answer] = await once(asked, 'response');
    assert.deepEqual([answer.statusCode, JSON.parse(Buffer.concat(await answer.toArray()).toString()).code], [401, 'token_malformed']);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('verify_ForgetsATokenOfAKeyThatIsGone_WhenTheKeysChangeWhileItIsChecked', async () => {
  await scene.issuer.addKey('k2', 'ES256');
  const [old, fresh] = await Promise.all([['k1', 'k2'], ['k2']].map(async (kids) => (await readJwks(JSON.stringify({ keys: kids.map((kid) => scene.issuer.keys.get(kid)?.jwk) }), false)).keys));
  const settings = settingsOf({ issuer: scene.issuer.url, audience: 'api', ...CLIENT });
  const keys = { current: old, refresh: async () => keys.current };
  const check = new TokenCheck(settings, /** @type {any} */ ({ keys, feed: null, live: null }));
  const [token, other] = [await scene.issuer.token(), await scene.issuer.token({}, { kid: 'k2' })];
  const demand = { ...settings.demand, mode: /** @type {const} */ ('offline') };
  const first = check.check(token, demand);
  keys.current = fresh;
  await Promise.all([first, check.check(other, demand)]);
  await assert.rejects(check.check(token, demand), { code: 'token_key' });
});

test('scopes_AreNeverEmpty', async () => {
  await scene.followed();
  assert.deepEqual((await scene.verifier.verify(await scene.issuer.token({ scope: ' a  b ' }))).scopes, ['a', 'b']);
  assert.deepEqual((await scene.verifier.verify(await scene.issuer.token({ scope: '' }))).scopes, []);
});

test('verify_Refuses_WhenTheClockIsNoNumber', async () => {
  await again({ mode: 'offline', now: () => NaN });
  await scene.verifier.ready();
  assert.equal(await scene.outcome(await scene.issuer.token({ exp: 2, iat: 1 })), 'token_early');
});

test('follower_Pauses_WhenTheSnapshotIsOldEachTime', async () => {
  let snapshots = 0;
  const old = { ...scene.issuer.page(null), seq: 1, newest: 2, entries: [{ seq: 1, kind: 'session', sid: 'x', at: new Date().toISOString(), until: new Date().toISOString() }] };
  scene.issuer.instead['/revocations'] = (request, response) => { // a cache keeps the snapshot; the log goes on without what follows it
    if (request.url?.includes('since')) return void response.writeHead(410).end();
    snapshots++;
    response.end(JSON.stringify(old));
  };
  await again();
  await patiently(() => scene.said.some((message) => message.includes('is not followed')), 'given up for a while');
  assert.ok(snapshots <= 2, `${snapshots} snapshots without a pause`);
  delete scene.issuer.instead['/revocations'];
  await scene.followed();
});

test('logs_AreOneLineEach_WhateverTheMetadataSay', async () => {
  scene.issuer.instead['/.well-known/openid-configuration'] = (_, response) => void response.end(JSON.stringify({ issuer: scene.issuer.url, jwks_uri: `${scene.issuer.url}/no\n[error] all is lost` }));
  await again();
  await patiently(() => scene.said.some((message) => message.includes("keys cannot be had")), 'said');
  assert.deepEqual(scene.said.filter((message) => message.includes('\n')), []);
});

test('close_TellsTheAuthority_AlsoWhenItInterruptedARenewalOfTheToken', async () => {
  let renewals = 0;
  scene.issuer.instead['/oauth/token'] = (_, response) => {
    if (++renewals === 1) response.end('{"access_token":"short","expires_in":1}'); // the next one hangs
    else if (renewals > 2) response.end('{"access_token":"next","expires_in":600}');
  };
  await again();
  await scene.followed();
  await patiently(() => renewals === 2, 'renewed');
  await scene.verifier.close();
  assert.equal(scene.issuer.acks.at(-1).leaving, true);
});

test('view_DoesNotCount_OnceTheVerifierHasLeft', async () => {
  await scene.followed();
  const token = await scene.issuer.token();
  assert.equal(await scene.outcome(token), 'ok');
  await scene.verifier.close();
  assert.deepEqual([await scene.outcome(token), await scene.outcome(token, { mode: 'offline' }), scene.verifier.health().status], ['view_stale', 'ok', 'unhealthy']);
});

test('close_Ends_WhereverItFindsTheFollower', async () => {
  for (let depth = 0; depth < 40; depth++) {
    const { resolve, promise } = deferred();
    const before = scene.issuer.asked['/revocations/stream'] ?? 0;
    await again({
      fetch: async (url, init) => {
        const response = await fetch(url, init);
        if (!String(url).endsWith('/revocations')) return response;
        const bytes = new Uint8Array(await response.arrayBuffer());
        return new Response(new ReadableStream({
          pull(controller) {
            controller.enqueue(bytes);
            controller.close();
            later(depth, () => resolve(scene.verifier.close()));
          },
        }, { highWaterMark: 0 }), { status: 200 });
      },
    });
    await promise;
    await patiently(() => scene.issuer.readers === 0, `the stream of ${depth} is closed; opened before: ${before}`);
  }
});

/** @param {number} turns @param {() => void} work */
const later = (turns, work) => void (turns === 0 ? work() : queueMicrotask(() => later(turns - 1, work)));
