import { control } from './control.js';
import { startMock } from './mock.js';

/** The name under which the mock's address reaches the tests. */
const KEY = /** @type {never} */ ('symbolonMock'); // Vitest types keys by what a project declares

/**
 * A `globalSetup` for Vitest: one mock for the run.
 * @example
 * // vitest.mock.js, named in `test.globalSetup`; tests share the mock, so set `test.fileParallelism: false`
 * import { mockSetup } from '@symbolon/mock/vitest';
 * export default mockSetup({ ttl: '60s' });
 * @param {import('./mock.js').MockOptions} [options]
 */
export function mockSetup(options) {
  return async (/** @type {{ provide: (key: never, value: never) => void }} */ project) => {
    const mock = await startMock(options);
    project.provide(KEY, /** @type {never} */ (mock.url));
    return mock.stop;
  };
}

/**
 * The mock of the run in a test file; it is as at the start before each test.
 * @example
 * import { beforeEach, inject } from 'vitest';
 * import { useMock } from '@symbolon/mock/vitest';
 * const mock = useMock({ inject, beforeEach });
 * @param {{ inject: (key: never) => unknown, beforeEach: (prepare: () => Promise<void>) => unknown }} vitest
 * @returns {import('./mock.js').MockControl}
 */
export function useMock({ inject, beforeEach }) {
  const url = /** @type {unknown} */ (inject(KEY));
  if (typeof url !== 'string') throw new TypeError('No mock was started: name a file that exports mockSetup() in test.globalSetup.');
  const mock = control(url);
  beforeEach(() => mock.reset());
  return mock;
}
