/** The feed, against one whose every answer is written here: gaps, other timelines, proxies that buffer, malformed pages. */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { createVerifier } from '../verify.js';
import { CLIENT, Issuer } from './issuer.js';
import { patiently } from './patiently.js';

/** @type {Issuer} */
let issuer;
/** @type {import('../verify.js').Verifier} */
let verifier;
/** @type {string[]} */
let said = [];
let ahead = 0;

beforeEach(async () => {
  [issuer, said, ahead] = [await Issuer.start(), [], 0];
  verifier = make();
});

afterEach(async () => {
  issuer.cut();
  await verifier.close();
  issuer.stop();
});

/** @param {Partial<import('../verify.js').VerifierOptions>} [more] */
function make(more) {
  const say = (/** @type {string} */ message) => void said.push(message);
  return createVerifier({ issuer: issuer.url, audience: 'api', ...CLIENT, whenStale: 'deny', log: { info: say, warn: say, error: say }, now: () => Date.now() + ahead, ...more });
}

/** @param {string} token @param {import('../verify.js').DemandOptions} [demand] @returns {Promise<string>} */
const outcome = (token, demand) => verifier.verify(token, demand).then(() => 'ok', (error) => error.code);

/** @param {string} token @param {string} expected */
const becomes = (token, expected) => patiently(async () => (await outcome(token)) === expected, expected);

const followed = () => patiently(() => issuer.readers === 1 && verifier.health().status === 'healthy', 'followed');

test('entries_RefuseWhatTheyAreAbout', async () => {
  await followed();
  const tokens = {
    session: await issuer.token({ sid: 'gone' }), token: await issuer.token({ jti: 'gone' }), subject: await issuer.token({ sub: 'bob', ep: 1 }), unnumbered: await issuer.token({ sub: 'bob', ep: undefined }),
    newer: await issuer.token({ sub: 'bob', ep: 2 }), stale: await issuer.token({ sub: 'eve', cv: 3 }), other: await issuer.token(),
  };
  issuer.revoke({ kind: 'token', jti: 'gone' });
  issuer.revoke({ kind: 'subject', sub: 'bob', epoch: 2, reason: 'password_changed' });
  issuer.revoke({ kind: 'claims', sub: 'eve', version: 4 });
  issuer.revoke({ kind: 'session', sid: 'gone', reason: 'of a later version' });
  await becomes(tokens.session, 'token_revoked');
  const outcomes = await Promise.all(Object.values(tokens).map((token) => outcome(token)));
  assert.deepEqual(outcomes, ['token_revoked', 'token_revoked', 'token_revoked', 'token_revoked', 'ok', 'claims_stale', 'ok']);
  assert.equal((await verifier.verify(tokens.subject).catch((error) => error)).reason, 'password_changed');
  assert.equal((await verifier.verify(tokens.session).catch((error) => error)).reason, undefined);
});

test('era_RefusesEveryTokenBelowIt', async () => {
  await followed();
  const [old, fresh] = [await issuer.token({ er: 1 }), await issuer.token({ er: 2 })];
  issuer.revoke({ kind: 'era', era: 2 });
  await becomes(old, 'token_revoked');
  assert.equal(await outcome(fresh), 'ok');
});

test('key_IsNeverBelievedAgain_WhateverIsPublished', async () => {
  await issuer.addKey('k2', 'ES256');
  await followed();
  const [old, fresh] = [await issuer.token(), await issuer.token({}, { kid: 'k2' })];
  issuer.revoke({ kind: 'key', kid: 'k1' });
  await becomes(old, 'token_key');
  assert.equal(await outcome(fresh), 'ok');
});

test('acknowledgement_ComesAtOnce_WhenSomebodyWaits', async () => {
  await followed();
  issuer.revoke({ kind: 'session', sid: 'x' });
  issuer.tell('event: receipt\ndata: {"seq":1}\n\n');
  await patiently(() => issuer.acks.some(({ seq }) => seq === 1), 'acknowledged');
  const { verifier: name, timeline, max_staleness: staleness, when_stale: whenStale, instance } = issuer.acks.at(-1);
  assert.deepEqual([name, timeline, staleness, whenStale, instance.length], ['verifier', 't1', 5, 'deny', 32]);
});

test('acknowledgement_DeclaresTheLoosestRoute', async () => {
  await followed();
  verifier.middleware({ maxStaleness: 60 });
  verifier.middleware({ whenStale: 'ask', maxStaleness: 1 });
  verifier.middleware({ mode: 'live', whenStale: 'allow', maxStaleness: 600 });
  await patiently(() => issuer.acks.some((ack) => ack.max_staleness === 60 && ack.when_stale === 'ask'), 'declared');
  assert.ok(issuer.acks.every((ack) => ack.max_staleness <= 60));
});

test('view_TakesASnapshot_AndKeepsWhatItHad_WhenThereIsAGap', async () => {
  await followed();
  issuer.revoke({ kind: 'session', sid: 's1' });
  const token = await issuer.token();
  await becomes(token, 'token_revoked');
  issuer.kept = issuer.log[0].seq + 2;
  issuer.log = [{ seq: issuer.kept + 1, kind: 'session', sid: 's9', at: new Date().toISOString(), until: new Date(Date.now() + 3_660_000).toISOString() }];
  issuer.tell(`event: entry\ndata: ${JSON.stringify(issuer.log[0])}\n\n`);
  await patiently(() => verifier.health().resyncs === 1, 'a gap');
  await patiently(() => issuer.acks.at(-1).seq === issuer.seq, 'the snapshot is taken');
  assert.equal(await outcome(token), 'token_revoked');
});

test('view_KeepsTheUnion_WhenTheTimelineIsAnother', async () => {
  await followed();
  issuer.revoke({ kind: 'session', sid: 's1' });
  const token = await issuer.token();
  await becomes(token, 'token_revoked');
  [issuer.timeline, issuer.log] = ['t2', []];
  await patiently(() => issuer.acks.at(-1).timeline === 't2', 'the other timeline is read');
  assert.equal(await outcome(token), 'token_revoked');
  assert.equal(issuer.acks.at(-1).seq, 0);
});

test('follower_ReadsPages_WhenTheStreamBringsNothing', async () => {
  issuer.streams = false; // a proxy that buffers
  await followed();
  const token = await issuer.token();
  issuer.revoke({ kind: 'session', sid: 's1' });
  await becomes(token, 'token_revoked');
  assert.equal(verifier.health().resyncs, 0);
});

test('follower_GoesOnFromItsNumber_WhenTheStreamWasCut', async () => {
  await followed();
  const [before, token] = [issuer.asked['/revocations'], await issuer.token()];
  issuer.cut();
  issuer.revoke({ kind: 'session', sid: 's1' });
  await becomes(token, 'token_revoked');
  assert.equal(issuer.asked['/revocations'], before);
});

test('view_GrowsOld_WhenAcknowledgementsAreNotAnswered', async () => {
  await followed();
  const token = await issuer.token();
  assert.equal(await outcome(token), 'ok');
  issuer.instead['/revocations/ack'] = (_, response) => void response.writeHead(503).end(); // the stream and its heartbeats go on
  const unanswered = issuer.asked['/revocations/ack'];
  await patiently(() => issuer.asked['/revocations/ack'] > unanswered, 'asked in vain');
  ahead = 5100;
  assert.equal(await outcome(token), 'view_stale');
  assert.equal(await outcome(token, { whenStale: 'allow' }), 'ok');
  assert.equal(await outcome(token, { whenStale: 'ask' }), 'ok');
  assert.equal(verifier.health().status, 'unhealthy');
  delete issuer.instead['/revocations/ack'];
  await becomes(token, 'ok');
});

test('view_IsAsOldAsItsAcknowledgement_WhenTheAnswerComesLate', async () => {
  await followed();
  /** @type {(() => void)[]} */
  const held = [];
  issuer.instead['/revocations/ack'] = (_, response) => void held.push(() => void response.end(JSON.stringify({ timeline: issuer.timeline, seq: issuer.seq })));
  await patiently(() => held.length === 1, 'asked');
  ahead = 5100;
  held[0]();
  await patiently(() => held.length === 2, 'asked again');
  assert.ok(/** @type {number} */ (verifier.health().viewAge) >= 5);
  assert.equal(await outcome(await issuer.token()), 'view_stale');
});

test('view_IsNotCurrent_WhileWhatWasAnsweredHasNotArrived', async () => {
  issuer.streams = false;
  await followed();
  const token = await issuer.token();
  issuer.instead['/revocations'] = (_, response) => void response.writeHead(503).end();
  issuer.revoke({ kind: 'session', sid: 's1' });
  const asked = issuer.asked['/revocations'];
  await patiently(() => issuer.asked['/revocations'] > asked, 'what is missing is asked for');
  ahead = 5100; // acknowledgements go on being answered, with a number that has not arrived
  const acks = issuer.acks.length;
  await patiently(() => issuer.acks.length > acks + 1, 'acknowledged');
  assert.equal(await outcome(token), 'view_stale');
});

test('view_IsNeverCurrent_WhenTheLogKeepsTooLittle', async () => {
  issuer.maxTokenAge = 600;
  await patiently(() => issuer.acks.length > 0 && issuer.readers === 1, 'followed');
  assert.equal(await outcome(await issuer.token()), 'view_stale');
  assert.equal(verifier.health().viewAge, null);
});

test('unknownKinds_KeepTheirPlace_AndAreSaid', async () => {
  issuer.revoke({ kind: 'planet', name: 'Mars' });
  issuer.revoke({ kind: 'session', sid: 's1' });
  await followed();
  await becomes(await issuer.token(), 'token_revoked');
  assert.equal(verifier.health().ignored, 1);
  assert.ok(said.some((message) => message.includes('do') && message.includes('update @symbolon/verify')));
});

test('token_IsRenewed_WhenTheFeedRefusesIt', async () => {
  await followed();
  const before = issuer.asked['/oauth/token'];
  let tokens = 0;
  issuer.instead['/oauth/token'] = (_, response) => void response.end(JSON.stringify({ access_token: `renewed-${++tokens}`, token_type: 'Bearer', expires_in: 600 }));
  issuer.instead['/revocations/ack'] = (request, response, body) => {
    if (request.headers.authorization === 'Bearer feed-token') return void response.writeHead(401).end();
    issuer.acks.push(JSON.parse(body));
    response.end(JSON.stringify({ timeline: issuer.timeline, seq: issuer.seq }));
  };
  const acks = issuer.acks.length;
  await patiently(() => issuer.acks.length > acks, 'acknowledged with the new one');
  assert.equal(issuer.asked['/oauth/token'] - before, 1);
});

test('close_SaysThatItLeaves', async () => {
  await followed();
  await verifier.close();
  assert.equal(issuer.acks.at(-1).leaving, true);
  await patiently(() => issuer.readers === 0, 'the stream is closed');
});

const SNAPSHOT = { timeline: 't1', seq: 0, newest: 0, now: '2026-01-02T03:04:05Z', max_token_age: 3600, entries: [] };
const ENTRY = { seq: 1, kind: 'session', sid: 's1', at: '2026-01-02T03:04:05Z', until: '2099-01-02T03:04:05Z' };
/** @type {[string, string][]} */
const PAGES = [
  ['is HTML', '<html>'],
  ['is an array', '[]'],
  ['names a member twice', JSON.stringify(SNAPSHOT).replace('{', '{"seq":0,')],
  ['has no timeline', JSON.stringify({ ...SNAPSHOT, timeline: undefined })],
  ['has a long timeline', JSON.stringify({ ...SNAPSHOT, timeline: 't'.repeat(65) })],
  ['has an instant without an offset', JSON.stringify({ ...SNAPSHOT, now: '2026-01-02T03:04:05' })],
  ['has an instant that is no day', JSON.stringify({ ...SNAPSHOT, now: '2026-02-30T03:04:05Z' })],
  ['has a negative number', JSON.stringify({ ...SNAPSHOT, seq: -1 })],
  ['has a number beyond what can be read', JSON.stringify(SNAPSHOT).replace('"newest":0', '"newest":9007199254740993')],
  ['has too many entries', JSON.stringify({ ...SNAPSHOT, entries: Array(10_001).fill(0) })],
  ['is not complete', JSON.stringify({ ...SNAPSHOT, seq: 2, newest: 2, entries: [ENTRY] })],
  ['has an entry without an id', JSON.stringify({ ...SNAPSHOT, seq: 1, newest: 1, entries: [{ ...ENTRY, sid: '' }] })],
  ['has an entry with a long id', JSON.stringify({ ...SNAPSHOT, seq: 1, newest: 1, entries: [{ ...ENTRY, sid: 's'.repeat(1025) }] })],
  ['has an epoch that is no number', JSON.stringify({ ...SNAPSHOT, seq: 1, newest: 1, entries: [{ ...ENTRY, kind: 'subject', sub: 'x', epoch: '2' }] })],
  ['has something after the end', `${JSON.stringify(SNAPSHOT)} x`],
  ['answers another question', JSON.stringify({ ...SNAPSHOT, since: 0 })],
  ['is deep', `${'['.repeat(100_000)}`],
  ['is too large', `{"filler":"${'x'.repeat(16 * 1024 * 1024)}"}`],
];
for (const [name, body] of PAGES) {
  test(`page_IsRefusedWhole_WhenIt ${name}`, async () => {
    await verifier.close();
    issuer.instead['/revocations'] = (_, response) => void response.end(body);
    verifier = make();
    await patiently(() => issuer.asked['/revocations'] >= 2, 'asked again');
    assert.equal(verifier.health().viewAge, null);
    delete issuer.instead['/revocations'];
    await followed();
  });
}

/** @type {[string, string][]} */
const STREAMS = [
  ['an endless line', `data: ${'x'.repeat(17 * 1024)}`],
  ['an endless event', `${`data: ${'x'.repeat(1000)}\n`.repeat(20)}\n`],
  ['an entry that is none', 'event: entry\ndata: {"seq":1}\n\n'],
  ['a heartbeat without a timeline', 'event: heartbeat\ndata: {}\n\n'],
  ['resync', 'event: resync\ndata: {}\n\n'],
];
for (const [name, text] of STREAMS) {
  test(`stream_IsOpenedAgain_WhenItBrings ${name}`, async () => {
    await followed();
    const before = issuer.asked['/revocations/stream'];
    issuer.tell(text);
    await patiently(() => issuer.asked['/revocations/stream'] > before, 'opened again');
    issuer.revoke({ kind: 'session', sid: 's1' });
    await becomes(await issuer.token(), 'token_revoked');
  });
}

test('live_SharesQuestions_AndNeverAnswersOlderThanOne', async () => {
  await followed();
  /** @type {(() => void)[]} */
  const waiting = [];
  let active = true;
  issuer.instead['/oauth/introspect'] = (_, response) => {
    const says = active;
    waiting.push(() => void response.end(JSON.stringify(says ? { active: true } : { active: false, code: 'token_revoked', reason: 'logout' })));
  };
  const token = await issuer.token();
  const first = outcome(token, { mode: 'live' });
  await patiently(() => waiting.length === 1, 'asked');
  active = false;
  const burst = Array.from({ length: 50 }, () => outcome(token, { mode: 'live' }));
  waiting[0]();
  assert.equal(await first, 'ok');
  await patiently(() => waiting.length === 2, 'asked once for all');
  waiting[1]();
  assert.deepEqual(new Set(await Promise.all(burst)), new Set(['token_revoked']));
  assert.equal(waiting.length, 2);
});

/** @type {[string, number, string][]} */
const ANSWERS = [
  ['about another session', 200, '{"active":true,"sid":"other"}'],
  ['of something else', 200, '{"active":"yes"}'],
  ['with a status', 500, '{"active":true}'],
  ['that is a refusal', 401, '{}'],
];
for (const [name, status, body] of ANSWERS) {
  test(`live_IsUnavailable_WhenTheAnswerIsOne ${name}`, async () => {
    await followed();
    issuer.instead['/oauth/introspect'] = (_, response) => void response.writeHead(status).end(body);
    assert.equal(await outcome(await issuer.token(), { mode: 'live' }), 'unavailable');
  });
}

test('live_PausesAfterThreeFailures', async () => {
  await followed();
  issuer.instead['/oauth/introspect'] = (_, response) => void response.writeHead(500).end();
  const outcomes = await Promise.all(await Promise.all(Array.from({ length: 10 }, async (_, i) => outcome(await issuer.token({ jti: `${i}` }), { mode: 'live' }))));
  assert.deepEqual(new Set(outcomes), new Set(['unavailable']));
  assert.equal(await outcome(await issuer.token(), { mode: 'live' }), 'unavailable');
  assert.ok(issuer.asked['/oauth/introspect'] <= 10);
});
