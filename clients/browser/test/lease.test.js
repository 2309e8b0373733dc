import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lease } from '../lease.js';

const area = () => {
  const kept = new Map();
  return { blocked: false, kept, read: (key) => kept.get(key) ?? null, write: (key, value) => void (value ? kept.set(key, value) : kept.delete(key)) };
};

test('a lease leaves what stands under its name alone: the marker does', async () => {
  const shared = area();
  shared.write('symbolon', { sid: '1' });
  const seen = await lease('symbolon', 1_000, shared, async () => shared.read('symbolon'));
  assert.deepEqual(seen, { sid: '1' });
  assert.deepEqual([...shared.kept.keys()], ['symbolon']);
});

test('work of two tabs does not overlap', async () => {
  const shared = area();
  let running = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 20));
    running--;
  };
  await Promise.all([lease('symbolon', 5_000, shared, work), lease('symbolon', 5_000, shared, work)]);
  assert.equal(most, 1);
});

test('a lease that another tab has taken meanwhile is left to it', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const shared = area();
  await lease('symbolon', 1_000, shared, async () => {
    // This tab slept: the note lapsed, and another tab's stands there now.
    shared.write('symbolon lease', { id: 'other', until: Date.now() + 2_500 });
    t.mock.timers.tick(1_000);
    assert.equal(shared.read('symbolon lease').id, 'other');
  });
  assert.equal(shared.read('symbolon lease').id, 'other');
});

test('the patience is of time, not of rounds: where timers are slow, it ends as early', async (t) => {
  const shared = area();
  shared.write('symbolon lease', { id: 'other', until: Date.now() + 3_000 });
  const { setTimeout: real } = globalThis;
  let rounds = 0;
  t.mock.method(globalThis, 'setTimeout', (/** @type {() => void} */ work) => { rounds++; return real(work, 300); });
  await lease('symbolon', 600, shared, async () => {});
  assert.ok(rounds <= 3, `${rounds}`);
});
