/** The feed, against one whose every answer is written here: gaps, other timelines, proxies that buffer. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { feedScene } from '../testing/feed-scene.js';
import { patiently } from '../testing/patiently.js';

const scene = feedScene();

test('entries_RefuseWhatTheyAreAbout', async () => {
  await scene.followed();
  const tokens = {
    session: await scene.issuer.token({ sid: 'gone' }), token: await scene.issuer.token({ jti: 'gone' }), subject: await scene.issuer.token({ sub: 'bob', ep: 1 }), unnumbered: await scene.issuer.token({ sub: 'bob', ep: undefined }),
    newer: await scene.issuer.token({ sub: 'bob', ep: 2 }), stale: await scene.issuer.token({ sub: 'eve', cv: 3 }), other: await scene.issuer.token(),
  };
  scene.issuer.revoke({ kind: 'token', jti: 'gone' });
  scene.issuer.revoke({ kind: 'subject', sub: 'bob', epoch: 2, reason: 'password_changed' });
  scene.issuer.revoke({ kind: 'claims', sub: 'eve', version: 4 });
  scene.issuer.revoke({ kind: 'session', sid: 'gone', reason: 'of a later version' });
  await scene.becomes(tokens.session, 'token_revoked');
  const outcomes = await Promise.all(Object.values(tokens).map((token) => scene.outcome(token)));
  assert.deepEqual(outcomes, ['token_revoked', 'token_revoked', 'token_revoked', 'token_revoked', 'ok', 'claims_stale', 'ok']);
  assert.equal((await scene.verifier.verify(tokens.subject).catch((error) => error)).reason, 'password_changed');
  assert.equal((await scene.verifier.verify(tokens.session).catch((error) => error)).reason, undefined);
});

test('era_RefusesEveryTokenBelowIt', async () => {
  await scene.followed();
  const [old, fresh] = [await scene.issuer.token({ er: 1 }), await scene.issuer.token({ er: 2 })];
  scene.issuer.revoke({ kind: 'era', era: 2 });
  await scene.becomes(old, 'token_revoked');
  assert.equal(await scene.outcome(fresh), 'ok');
});

test('key_IsNeverBelievedAgain_WhateverIsPublished', async () => {
  await scene.issuer.addKey('k2', 'ES256');
  await scene.followed();
  const [old, fresh] = [await scene.issuer.token(), await scene.issuer.token({}, { kid: 'k2' })];
  scene.issuer.revoke({ kind: 'key', kid: 'k1' });
  await scene.becomes(old, 'token_key');
  assert.equal(await scene.outcome(fresh), 'ok');
});

test('acknowledgement_ComesAtOnce_WhenSomebodyWaits', async () => {
  await scene.followed();
  scene.issuer.revoke({ kind: 'session', sid: 'x' });
  scene.issuer.tell('event: receipt\ndata: {"seq":1}\n\n');
  await patiently(() => scene.issuer.acks.some(({ seq }) => seq === 1), 'acknowledged');
  const { verifier: name, timeline, max_staleness: staleness, when_stale: whenStale, instance } = scene.issuer.acks.at(-1);
  assert.deepEqual([name, timeline, staleness, whenStale, instance.length], ['verifier', 't1', 5, 'deny', 32]);
});

test('acknowledgement_DeclaresTheLoosestRoute', async () => {
  await scene.followed();
  scene.verifier.middleware({ maxStaleness: 60 });
  scene.verifier.middleware({ whenStale: 'ask', maxStaleness: 1 });
  scene.verifier.middleware({ mode: 'live', whenStale: 'allow', maxStaleness: 600 });
  await patiently(() => scene.issuer.acks.some((ack) => ack.max_staleness === 60 && ack.when_stale === 'ask'), 'declared');
  assert.ok(scene.issuer.acks.every((ack) => ack.max_staleness <= 60));
});

test('view_TakesASnapshot_AndKeepsWhatItHad_WhenThereIsAGap', async () => {
  await scene.followed();
  scene.issuer.revoke({ kind: 'session', sid: 's1' });
  const token = await scene.issuer.token();
  await scene.becomes(token, 'token_revoked');
  scene.issuer.kept = scene.issuer.log[0].seq + 2;
  scene.issuer.log = [{ seq: scene.issuer.kept + 1, kind: 'session', sid: 's9', at: new Date().toISOString(), until: new Date(Date.now() + 3_660_000).toISOString() }];
  scene.issuer.tell(`event: entry\ndata: ${JSON.stringify(scene.issuer.log[0])}\n\n`);
  await patiently(() => scene.verifier.health().resyncs === 1, 'a gap');
  await patiently(() => scene.issuer.acks.at(-1).seq === scene.issuer.seq, 'the snapshot is taken');
  assert.equal(await scene.outcome(token), 'token_revoked');
});

test('view_KeepsTheUnion_WhenTheTimelineIsAnother', async () => {
  await scene.followed();
  scene.issuer.revoke({ kind: 'session', sid: 's1' });
  const token = await scene.issuer.token();
  await scene.becomes(token, 'token_revoked');
  [scene.issuer.timeline, scene.issuer.log] = ['t2', []];
  await patiently(() => scene.issuer.acks.at(-1).timeline === 't2', 'the other timeline is read');
  assert.equal(await scene.outcome(token), 'token_revoked');
  assert.equal(scene.issuer.acks.at(-1).seq, 0);
});

test('follower_ReadsPages_WhenTheStreamBringsNothing', async () => {
  scene.issuer.streams = false; // a proxy that buffers
  await scene.followed();
  const token = await scene.issuer.token();
  scene.issuer.revoke({ kind: 'session', sid: 's1' });
  await scene.becomes(token, 'token_revoked');
  assert.equal(scene.verifier.health().resyncs, 0);
});

test('follower_GoesOnFromItsNumber_WhenTheStreamWasCut', async () => {
  await scene.followed();
  const [before, token] = [scene.issuer.asked['/revocations'], await scene.issuer.token()];
  scene.issuer.cut();
  scene.issuer.revoke({ kind: 'session', sid: 's1' });
  await scene.becomes(token, 'token_revoked');
  assert.equal(scene.issuer.asked['/revocations'], before);
});

test('view_GrowsOld_WhenAcknowledgementsAreNotAnswered', async () => {
  await scene.followed();
  const token = await scene.issuer.token();
  assert.equal(await scene.outcome(token), 'ok');
  scene.issuer.instead['/revocations/ack'] = (_, response) => void response.writeHead(503).end(); // the stream and its heartbeats go on
  const unanswered = scene.issuer.asked['/revocations/ack'];
  await patiently(() => scene.issuer.asked['/revocations/ack'] > unanswered, 'asked in vain');
  scene.ahead = 5100;
  assert.equal(await scene.outcome(token), 'view_stale');
  assert.equal(await scene.outcome(token, { whenStale: 'allow' }), 'ok');
  assert.equal(await scene.outcome(token, { whenStale: 'ask' }), 'ok');
  assert.equal(scene.verifier.health().status, 'unhealthy');
  delete scene.issuer.instead['/revocations/ack'];
  await scene.becomes(token, 'ok');
});

test('view_IsAsOldAsItsAcknowledgement_WhenTheAnswerComesLate', async () => {
  await scene.followed();
  /** @type {(() => void)[]} */
  const held = [];
  scene.issuer.instead['/revocations/ack'] = (_, response) => void held.push(() => void response.end(JSON.stringify({ timeline: scene.issuer.timeline, seq: scene.issuer.seq })));
  await patiently(() => held.length === 1, 'asked');
  scene.ahead = 5100;
  held[0]();
  await patiently(() => held.length === 2, 'asked again');
  assert.ok(/** @type {number} */ (scene.verifier.health().viewAge) >= 5);
  assert.equal(await scene.outcome(await scene.issuer.token()), 'view_stale');
});

test('view_IsNotCurrent_WhileWhatWasAnsweredHasNotArrived', async () => {
  scene.issuer.streams = false;
  await scene.followed();
  const token = await scene.issuer.token();
  scene.issuer.instead['/revocations'] = (_, response) => void response.writeHead(503).end();
  scene.issuer.revoke({ kind: 'session', sid: 's1' });
  const asked = scene.issuer.asked['/revocations'];
  await patiently(() => scene.issuer.asked['/revocations'] > asked, 'what is missing is asked for');
  scene.ahead = 5100; // acknowledgements go on being answered, with a number that has not arrived
  const acks = scene.issuer.acks.length;
  await patiently(() => scene.issuer.acks.length > acks + 1, 'acknowledged');
  assert.equal(await scene.outcome(token), 'view_stale');
});

test('view_IsNeverCurrent_WhenTheLogKeepsTooLittle', async () => {
  scene.issuer.maxTokenAge = 600;
  await patiently(() => scene.issuer.acks.length > 0 && scene.issuer.readers === 1, 'followed');
  assert.equal(await scene.outcome(await scene.issuer.token()), 'view_stale');
  assert.equal(scene.verifier.health().viewAge, null);
});

test('unknownKinds_KeepTheirPlace_AndAreSaid', async () => {
  scene.issuer.revoke({ kind: 'planet', name: 'Mars' });
  scene.issuer.revoke({ kind: 'session', sid: 's1' });
  await scene.followed();
  await scene.becomes(await scene.issuer.token(), 'token_revoked');
  assert.equal(scene.verifier.health().ignored, 1);
  assert.ok(scene.said.some((message) => message.includes('do') && message.includes('update @symbolon/verify')));
});

test('token_IsRenewed_WhenTheFeedRefusesIt', async () => {
  await scene.followed();
  const before = scene.issuer.asked['/oauth/token'];
  let tokens = 0;
  scene.issuer.instead['/oauth/token'] = (_, response) => void response.end(JSON.stringify({ access_token: `renewed-${++tokens}`, token_type: 'Bearer', expires_in: 600 }));
  scene.issuer.instead['/revocations/ack'] = (request, response, body) => {
    if (request.headers.authorization === 'Bearer feed-token') return void response.writeHead(401).end();
    scene.issuer.acks.push(JSON.parse(body));
    response.end(JSON.stringify({ timeline: scene.issuer.timeline, seq: scene.issuer.seq }));
  };
  const acks = scene.issuer.acks.length;
  await patiently(() => scene.issuer.acks.length > acks, 'acknowledged with the new one');
  assert.equal(scene.issuer.asked['/oauth/token'] - before, 1);
});

test('close_SaysThatItLeaves', async () => {
  await scene.followed();
  await scene.verifier.close();
  assert.equal(scene.issuer.acks.at(-1).leaving, true);
  await patiently(() => scene.issuer.readers === 0, 'the stream is closed');
});
