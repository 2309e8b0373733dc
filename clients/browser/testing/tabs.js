import { after, afterEach, before, beforeEach } from 'node:test';
import { createAuth } from '../client.js';
import { startAuthority } from './authority.js';
import { jarFetch, openBrowser } from './browser.js';
/** @import { AuthEvents, AuthOptions } from '../types.js' */

const EVENTS = /** @type {(keyof AuthEvents)[]} */ (['signed-in', 'refreshed', 'claims-changed', 'signed-out', 'refresh-failed', 'offline', 'online', 'clock-skew', 'login-needed']);

/** For the tests of one file: an authority, and for each test a browser of its own with any number of tabs. */
export function useTabs() {
  /** @type {ReturnType<typeof createAuth>[]} */
  let open = [];
  const here = {
    authority: /** @type {any} */ (null),
    problem: /** @type {any} */ (null),
    browser: /** @type {ReturnType<typeof openBrowser>} */ (/** @type {unknown} */ (null)),
    /** One more tab, and what its listeners were told. @param {Partial<AuthOptions>} [options] */
    tab(options = {}) {
      const auth = createAuth({ url: '/auth', fetch: /** @type {any} */ (jarFetch), ...options });
      const told = /** @type {string[]} */ ([]);
      for (const name of EVENTS) auth.on(name, (/** @type {any} */ event) => told.push(`${name} ${event.reason ?? event.cause?.code ?? event.source ?? event.ms ?? ''}`.trim()));
      open.push(auth);
      return { auth, told };
    },
    /** A tab where somebody is signed in. @param {Partial<AuthOptions>} [options] */
    async signedIn(options = {}) {
      const tab = here.tab(options);
      await tab.auth.login({ username: 'ada', password: 'right' });
      return tab;
    },
    api: (/** @type {string | number} */ path) => `${here.authority.url}/api/${path}`,
    refreshes: () => here.authority.count('POST /auth/refresh'),
  };
  before(async () => void Object.assign(here, await startAuthority()));
  after(() => here.authority.close());
  beforeEach(() => {
    const { authority } = here;
    authority.log.length = authority.attempts.length = 0;
    Object.assign(authority, { generation: 0, ended: '', ttl: 600, epoch: 1, skew: 0, last: '' });
    authority.next.clear();
    authority.delay.clear();
    here.browser = openBrowser({ url: authority.url });
  });
  afterEach(() => {
    for (const auth of open) auth.dispose();
    open = [];
  });
  return here;
}

/** @param {number} ms  for what must not happen meanwhile, or takes its time at the other end */
export const pass = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
