import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach } from 'node:test';
import { startChromium } from './chromium.js';
import { BOUND_MS, startSite } from './site.js';

/** A page with a signed-in client, anew for each test, on a site of its own and beside another one. */
export let site, other, page;

let browser, thrown;

before(async () => {
  [browser, site, other] = await Promise.all([startChromium(), startSite(), startSite()]);
});
after(async () => {
  await browser?.close();
  await Promise.all([site?.close(), other?.close()]);
});
beforeEach(async () => {
  site.reset();
  other.reset();
  page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(BOUND_MS);
  thrown = [];
  page.on('pageerror', (error) => thrown.push(error.message));
  await page.goto(site.url);
  // A client that is signed in; what is installed in a test is undone by its end, with the page.
  await page.evaluate(async () => {
    window.load = (name) => import(`/symbolon/${name}`);
    const { createAuth } = await load('client.js');
    window.nativeFetch = fetch;
    window.nativeXhr = XMLHttpRequest;
    window.auth = createAuth({ url: '/auth', jitter: 0 });
    await auth.login({ username: 'ada', password: 'p' });
    window.script = (src) => new Promise((onload, onerror) => document.head.append(Object.assign(document.createElement('script'), { src, onload, onerror })));
  });
});
afterEach(async () => {
  await page.context().close();
  assert.deepEqual(thrown, []);
});

/** How many refreshes the site has seen. */
export const refreshes = () => site.count('POST', '/auth/refresh');
