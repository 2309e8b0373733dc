/** The scenarios of the clients' contract that need no browser, by their numbers there. Each is played by a client that has signed in as `user`. */

import { foreignServer } from './foreign.js';

/**
 * @typedef {{ number: number, title: string, play: (judge: import('./judge.js').Judge) => Promise<void> }} Scenario
 */

const HOUR = 3600, YEAR = 365 * 24 * HOUR;

/** @type {Scenario[]} */
export const SCENARIOS = [
  {
    number: 1,
    title: '50 parallel calls with an expired token, answers spread over 300 ms',
    async play(judge) {
      await judge.mock.faults.add({ kind: 'delay', path: '/api/*', delay: '0..300ms' });
      await judge.mock.expire('access');
      const started = performance.now();
      const statuses = await judge.calls(50);
      judge.figures.wall = performance.now() - started;
      judge.figures.refreshes = (await judge.refreshes()).length;
      judge.figures.succeeded = statuses.filter((status) => status === 200).length;
      judge.check('50 of 50 succeed', judge.figures.succeeded === 50, judge.figures.succeeded);
      judge.check('one refresh', judge.figures.refreshes === 1, judge.figures.refreshes);
    },
  },
  {
    number: 3,
    title: "a 401 that arrives long after the others' refresh",
    async play(judge) {
      await judge.mock.faults.add({ kind: 'delay', path: '/api/late', delay: '1500ms', times: 1 });
      await judge.mock.expire('access');
      const late = judge.call('/api/late');
      await judge.call();
      judge.check('it succeeds', (await late) === 200);
      judge.check('no further refresh', (await judge.refreshes()).length === 1, (await judge.refreshes()).length);
    },
  },
  {
    number: 5,
    title: 'the server rotates, then cuts the line',
    async play(judge) {
      await judge.refreshFault({ kind: 'lost-response', times: 1 });
      await judge.mock.expire('access');
      judge.check('the user is served again', await judge.until(async () => (await judge.call()) === 200));
      judge.check('the session lives, and no theft is suspected', (await judge.isAlive()) && !(await judge.sawTheft()));
      await judge.checkState('the client is signed in', true);
    },
  },
  {
    number: 7,
    title: 'eight hours of sleep, then a call',
    async play(judge) {
      judge.needsClock();
      await judge.pass(8 * HOUR);
      await judge.mark();
      judge.check('it succeeds', (await judge.call()) === 200);
      const seen = await judge.entries();
      judge.check('one refresh', (await judge.refreshes()).length === 1, (await judge.refreshes()).length);
      judge.check('no 401 on the way', !seen.some(({ path, status }) => path.startsWith('/api/') && status === 401));
    },
  },
  {
    number: 9,
    title: 'offline at expiry',
    async play(judge) {
      for (const path of ['/api/*', '/auth/*', '/oauth/*']) await judge.mock.faults.add({ kind: 'reset', path });
      await judge.mock.expire('access');
      await judge.online(false);
      for (let i = 0; i < 3; i++) await judge.call();
      await judge.checkState('still signed in', true);
      await judge.mock.faults.clear();
      if (judge.client.usesNow) await judge.pass(600);
      await judge.online(true);
      judge.check('served on return', await judge.until(async () => (await judge.call()) === 200));
      judge.check('one refresh on return', (await judge.refreshes({ ok: true })).length === 1, (await judge.refreshes({ ok: true })).length);
    },
  },
  {
    number: 10,
    title: '500 three times, then 503 with Retry-After 20, then 200',
    async play(judge) {
      judge.needsClock();
      await judge.refreshFault({ kind: 'status', status: 500, times: 3 });
      await judge.refreshFault({ kind: 'status', status: 503, retry_after: 20, times: 1 });
      await judge.mock.expire('access');
      const isTold = async () => (await judge.refreshes()).some(({ status }) => status === 503);
      for (let i = 0; i < 8 && !(await isTold()); i++) {
        await judge.call();
        if (!(await isTold())) await judge.pass(61); // longer than any back-off
      }

      await judge.checkState('still signed in', true);
      const tries = (await judge.refreshes()).length;
      await judge.pass(10);
      await judge.calls(3);
      judge.check('nothing is asked within the 20 seconds', (await isTold()) && (await judge.refreshes()).length === tries, (await judge.refreshes()).length - tries);
      await judge.pass(61);
      judge.check('served afterwards', await judge.until(async () => (await judge.call()) === 200));
      judge.check('the session lives', await judge.isAlive());
    },
  },
  {
    number: 11,
    title: '429 while the access token is still valid',
    async play(judge) {
      judge.needsClock();
      await judge.refreshFault({ kind: 'status', status: 429, retry_after: 60 });
      await judge.pass(570);
      const statuses = await judge.calls(5);
      judge.check('the token goes on being used', statuses.every((status) => status === 200), statuses.join(' '));
      for (let i = 0; i < 5; i++) await judge.call();
      judge.check('at most one try', (await judge.refreshes()).length <= 1, (await judge.refreshes()).length);
      await judge.checkState('still signed in', true);
    },
  },
  {
    number: 12,
    title: "a captive portal: 200 with HTML, and a 401 that is not the authority's",
    async play(judge) {
      await judge.refreshFault({ kind: 'html-200', times: 1 });
      await judge.refreshFault({ kind: 'status', status: 401, times: 1 });
      await judge.mock.expire('access');
      await judge.call();
      await judge.until(async () => ((await judge.refreshes()).length >= 2 ? true : ((await judge.call()), (await judge.refreshes()).length >= 2)));
      await judge.checkState('still signed in', true);
      await judge.mock.faults.clear();
      judge.check('served behind it', await judge.until(async () => (await judge.call()) === 200));
    },
  },
  {
    number: 13,
    title: 'a wrong clock: +65 minutes, −65 minutes, +1 year, set while signed in',
    async play(judge) {
      judge.needsClock();
      for (const [name, seconds] of /** @type {[string, number][]} */ ([['+65 min', 65 * 60], ['-65 min', -65 * 60], ['+1 year', YEAR]])) {
        judge.skew(seconds);
        await judge.client.login('user', 'user');
        await judge.mark();
        const statuses = [];
        for (let i = 0; i < 5; i++) statuses.push(await judge.call());
        judge.check(`${name} at log-in: all succeed`, statuses.every((status) => status === 200), statuses.join(' '));
        judge.check(`${name} at log-in: no storm`, (await judge.refreshes()).length <= 1, (await judge.refreshes()).length);
        await judge.mark();
        judge.skew(-seconds);
        for (let i = 0; i < 5; i++) await judge.call();
        judge.check(`${name} set back: at most one refresh`, (await judge.refreshes()).length <= 1, (await judge.refreshes()).length);
      }
    },
  },
  {
    number: 14,
    title: 'log-out while a refresh is under way',
    async play(judge) {
      const logout = judge.needsLogout();
      await judge.refreshFault({ kind: 'delay', delay: '500ms', times: 1 });
      await judge.mock.expire('access');
      const call = judge.call();
      await new Promise((resolve) => setTimeout(resolve, 150));
      await logout().catch(() => {});
      await call;
      await judge.checkState('signed out', false);
      judge.check('the server knows', await judge.until(async () => !(await judge.isAlive())));
      judge.check('nothing is written back: a call is refused', (await judge.call()) !== 200);
    },
  },
  {
    number: 15,
    title: 'log-out while offline',
    async play(judge) {
      const logout = judge.needsLogout();
      for (const path of ['/auth/logout', '/oauth/revoke']) await judge.mock.faults.add({ kind: 'reset', path });
      await judge.online(false);
      await logout().catch(() => {});
      await judge.checkState('signed out at once', false);
      await judge.mock.faults.clear();
      await judge.online(true);
      judge.check('the server is told later', await judge.until(async () => {
        await judge.call('/api/public');
        return !(await judge.isAlive());
      }));
    },
  },
  {
    number: 16,
    title: 'an administrator ends the session: known at the next call',
    async play(judge) {
      await judge.mock.revoke({ username: 'user' }, 'ended_by_admin');
      judge.check('the call is refused', (await judge.call()) !== 200);
      await judge.checkState('signed out, and the reason is told', false, 'ended_by_admin');
      for (let i = 0; i < 3; i++) await judge.call();
      judge.check('no loop', (await judge.refreshes()).length <= 1, (await judge.refreshes()).length);
    },
  },
  {
    number: 17,
    title: 'the server has noticed a theft',
    async play(judge) {
      await judge.mock.revoke({ username: 'user' }, 'refresh_reuse');
      await judge.calls(5);
      await judge.checkState('signed out, and the reason is told', false, 'refresh_reuse');
      await judge.calls(5);
      judge.check('no loop', (await judge.refreshes()).length <= 1, (await judge.refreshes()).length);
    },
  },
  {
    number: 18,
    title: 'a role was given',
    async play(judge) {
      await judge.mock.roles('user', ['admin']);
      judge.check('the next call has it', (await judge.call('/api/admin/orders')) === 200);
      judge.check('no log-in', !(await judge.entries()).some(({ path }) => path === '/auth/login'));
    },
  },
  {
    number: 20,
    title: 'calls elsewhere, and redirects there: the token stays',
    async play(judge) {
      const [far, near] = [await foreignServer(), await foreignServer()];
      try {
        near.redirectTo(`${far.url}/landed`);
        await judge.call(`${near.url}/api/orders`);
        await judge.call(`${far.url}/api/orders`);
        judge.check('no token was sent elsewhere', near.tokens + far.tokens === 0, near.tokens + far.tokens);
        judge.check('the own host is still served', (await judge.call()) === 200);
      } finally {
        near.stop();
        far.stop();
      }
    },
  },
];
