// Run by runners.test.js: each test finds the mock as at the start, though the one before it has not tidied up.
import { beforeEach, expect, inject, test } from 'vitest';
import { useMock } from '../../vitest.js';

const mock = useMock({ inject, beforeEach });

for (const round of [1, 2]) {
  test(`round ${round}`, async () => {
    expect(await mock.log.count('GET', '/api/public')).toBe(0);
    await fetch(`${mock.url}/api/public`);
    expect(await mock.log.count('GET', '/api/public')).toBe(1);
  });
}
