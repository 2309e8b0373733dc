// What users of the package are told about types; only compiled.
import { expect, test as base } from '@playwright/test';
import { beforeEach, inject } from 'vitest';
import { connectMock, MockError, startMock, type MockState } from '../mock.js';
import { withMock } from '../playwright.js';
import { mockSetup, useMock } from '../vitest.js';

const mock = await startMock({ ttl: '60s', refreshTtl: 3600, users: [{ username: 'ada', password: 'ada' }], faults: [{ kind: 'html-200', times: 1 }] });
const state: MockState = await mock.state();
const live: boolean = state.sessions[0].live;
const count: number = await mock.log.count('POST', '/auth/refresh');
await mock.clock.advance('11m');
const ended: number = await mock.revoke({ username: 'ada' }, 'refresh_reuse');
await mock.stop();
console.log(live, count, ended);

// @ts-expect-error an unknown kind
await mock.faults.add({ kind: 'earthquake' });
// @ts-expect-error whose?
await mock.revoke({});
// @ts-expect-error no such option
await startMock({ tll: '60s' });
// @ts-expect-error it was not started here
await (await connectMock(mock.url)).stop();

const error = new MockError('died', 'It ended.');
// @ts-expect-error no such code
console.log(error.code === 'dead');

const test = withMock(base, { port: 5081 });
test('typed', async ({ page, mock: fixture }) => {
  await page.goto('/');
  expect(await fixture.log.count('GET', '/')).toBe(0);
  // @ts-expect-error the worker's own
  await fixture.stop();
});

export default mockSetup({ seed: 7 });
await useMock({ inject, beforeEach }).reset();
