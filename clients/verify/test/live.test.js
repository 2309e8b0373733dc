/** Live questions: shared, never older than the request, bounded. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { feedScene } from '../testing/feed-scene.js';
import { patiently } from '../testing/patiently.js';

const scene = feedScene();

test('live_SharesQuestions_AndNeverAnswersOlderThanOne', async () => {
  await scene.followed();
  /** @type {(() => void)[]} */
  const waiting = [];
  let active = true;
  scene.issuer.instead['/oauth/introspect'] = (_, response) => {
    const says = active;
    waiting.push(() => void response.end(JSON.stringify(says ? { active: true } : { active: false, code: 'token_revoked', reason: 'logout' })));
  };
  const token = await scene.issuer.token();
  const first = scene.outcome(token, { mode: 'live' });
  await patiently(() => waiting.length === 1, 'asked');
  active = false;
  const burst = Array.from({ length: 50 }, () => scene.outcome(token, { mode: 'live' }));
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
    await scene.followed();
    scene.issuer.instead['/oauth/introspect'] = (_, response) => void response.writeHead(status).end(body);
    assert.equal(await scene.outcome(await scene.issuer.token(), { mode: 'live' }), 'unavailable');
  });
}

test('live_PausesAfterThreeFailures', async () => {
  await scene.followed();
  scene.issuer.instead['/oauth/introspect'] = (_, response) => void response.writeHead(500).end();
  const outcomes = await Promise.all(await Promise.all(Array.from({ length: 10 }, async (_, i) => scene.outcome(await scene.issuer.token({ jti: `${i}` }), { mode: 'live' }))));
  assert.deepEqual(new Set(outcomes), new Set(['unavailable']));
  assert.equal(await scene.outcome(await scene.issuer.token(), { mode: 'live' }), 'unavailable');
  assert.ok(scene.issuer.asked['/oauth/introspect'] <= 10);
});
