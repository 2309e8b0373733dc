// Run by runners.test.js: each test finds the mock as at the start, though the one before it has not tidied up.
import { expect, test as base } from '@playwright/test';
import { withMock } from '../../playwright.js';

const test = withMock(base, { ttl: '60s' });

for (const round of [1, 2]) {
  test(`round ${round}`, async ({ mock }) => {
    expect(await mock.log.count('GET', '/api/public')).toBe(0);
    await fetch(`${mock.url}/api/public`);
    expect(await mock.log.count('GET', '/api/public')).toBe(1);
  });
}
