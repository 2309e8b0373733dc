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
