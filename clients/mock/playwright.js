/// <reference types="@playwright/test" />
import { connectMock, startMock } from './mock.js';

/** @typedef {import('./mock.js').MockControl} MockControl */
/**
 * @template {{}} TestArgs
 * @template {{}} WorkerArgs
 * @typedef {import('@playwright/test').TestType<TestArgs, WorkerArgs>} TestType
 */

/**
 * Playwright's `test` with a mock: `{ mock }` in a test is its control calls, and it is as at the start before each test.
 * Each worker has a mock of its own; with `url` all use the one that runs there, so run one worker then.
 * @example
 * import { test as base } from '@playwright/test';
 * import { withMock } from '@symbolon/mock/playwright';
 * export const test = withMock(base, { port: 5081, ttl: '60s' });
 * @template {{}} TestArgs
 * @template {{}} WorkerArgs
 * @param {TestType<TestArgs, WorkerArgs>} base
 * @param {import('./mock.js').MockOptions & { url?: string }} [options]
 * @returns {TestType<TestArgs & { mock: MockControl }, WorkerArgs & { symbolonMock: MockControl }>}
 */
export function withMock(base, { url, ...options } = {}) {
  // Playwright types fixtures by what `base` already has, which is the caller's; ours are checked by the return type.
  const extend = /** @type {(fixtures: any) => any} */ (base.extend.bind(base));
  return extend({
    // Playwright reads a fixture's needs from this pattern; an empty one needs nothing.
    symbolonMock: [async (/** @type {{}} */ {}, /** @type {(mock: MockControl) => Promise<void>} */ use) => {
      if (url) return use(await connectMock(url));
      const mock = await startMock(options);
      await use(mock);
      await mock.stop();
    }, { scope: 'worker' }],

    // Also for tests that do not name it: the page that they open talks to it all the same.
    mock: [async (/** @type {{ symbolonMock: MockControl }} */ { symbolonMock }, /** @type {(mock: MockControl) => Promise<void>} */ use) => {
      await symbolonMock.reset();
      await use(symbolonMock);
    }, { auto: true }],
  });
}
