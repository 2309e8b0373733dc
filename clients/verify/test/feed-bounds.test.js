/** What a feed must not say: malformed pages and streams are refused whole, and asked for again. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { feedScene } from '../testing/feed-scene.js';
import { patiently } from '../testing/patiently.js';

const scene = feedScene();

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
    await scene.verifier.close();
    scene.issuer.instead['/revocations'] = (_, response) => void response.end(body);
    scene.verifier = scene.make();
    await patiently(() => scene.issuer.asked['/revocations'] >= 2, 'asked again');
    assert.equal(scene.verifier.health().viewAge, null);
    delete scene.issuer.instead['/revocations'];
    await scene.followed();
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
    await scene.followed();
    const before = scene.issuer.asked['/revocations/stream'];
    scene.issuer.tell(text);
    await patiently(() => scene.issuer.asked['/revocations/stream'] > before, 'opened again');
    scene.issuer.revoke({ kind: 'session', sid: 's1' });
    await scene.becomes(await scene.issuer.token(), 'token_revoked');
  });
}
