import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { createAuth } from '../client.js';
import { AuthProvider, useAuth, useAuthClient, useSession } from '../react.js';
import { startChromium } from '../testing/chromium.js';
import { BOUND_MS, startSite } from '../testing/site.js';

/** What the page runs, bundled as an application would be. */
const APP = `
  import { StrictMode, createElement as h, useEffect, useState } from 'react';
  import { createRoot, hydrateRoot } from 'react-dom/client';
  import { createAuth } from './client.js';
  import { AuthProvider, useAuth, useAuthClient, useSession } from './react.js';

  const auth = createAuth({ url: '/auth' });
  const counts = { renders: 0, subscribed: 0, effects: 0 };
  const subscribe = auth.subscribe;
  auth.subscribe = (listener) => {
    counts.subscribed += 1;
    const leave = subscribe(listener);
    return () => { counts.subscribed -= 1; leave(); };
  };
  function Status() {
    counts.renders += 1;
    const { status, reason } = useAuth();
    const session = useSession();
    const client = useAuthClient();
    useEffect(() => { counts.effects += 1; }, []);
    return h('p', { id: 'status', 'data-client': String(client === auth) }, status + '|' + (session?.sub ?? '-') + '|' + (reason ?? '-'));
  }
  function Alone() { return h('p', { id: 'alone' }, useAuth(auth).status); }
  // StrictMode at the root: below another component React does not mount its first children twice.
  const app = (initial) => h(StrictMode, null, h(AuthProvider, { auth, initial }, h(Status)), h(Alone));
  Object.assign(window, { auth, counts,
    mount: () => { window.root = createRoot(document.getElementById('root')); root.render(app()); },
    hydrate: (initial) => { window.wrong = []; window.root = hydrateRoot(document.getElementById('root'), app(initial), { onRecoverableError: (error) => wrong.push(error.message) }); } });
`;

const ROOT = '<!doctype html><html lang="en"><title>t</title><div id="root"></div><script type="module" src="/app.js"></script></html>';
let browser, site, page, thrown;

before(async () => {
  const bundle = await build({
    stdin: { contents: APP, resolveDir: fileURLToPath(new URL('..', import.meta.url)), loader: 'js' },
    bundle: true, format: 'esm', write: false, define: { 'process.env.NODE_ENV': '"development"' },
  });
  [browser, site] = await Promise.all([startChromium(), startSite({ pages: { '/app': ROOT }, scripts: { '/app.js': bundle.outputFiles[0].text } })]);
});
after(async () => {
  await browser?.close();
  await site?.close();
});
beforeEach(async () => {
  site.reset();
  page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(BOUND_MS);
  thrown = [];
  page.on('pageerror', (error) => thrown.push(error.message));
  page.on('console', (message) => { if (message.type() === 'error' && !message.text().includes('Failed to load resource')) thrown.push(message.text()); });
  await page.goto(`${site.url}/app`);
  await page.waitForFunction('window.mount');
});
afterEach(async () => {
  await page.context().close();
  assert.deepEqual(thrown, []);
});

const status = (text) => page.locator('#status', { hasText: text }).waitFor();

test('useAuth_FollowsTheClient_FromLogInToLogOut', async () => {
  await page.evaluate('mount()');
  await status('anonymous|-|-');
  assert.equal(await page.getAttribute('#status', 'data-client'), 'true');
  await page.evaluate(() => auth.login({ username: 'ada', password: 'p' }));
  await status('active|u1|-');
  assert.equal(await page.textContent('#alone'), 'active');
  await page.evaluate(() => auth.logout());
  await status('anonymous|-|logout');
});

test('useAuth_LeavesNoListener_WhenMountedTwiceAndUnmounted', async () => {
  await page.evaluate('mount()');
  await status('anonymous');
  await page.waitForFunction('counts.effects === 2');   // StrictMode mounts twice
  assert.equal(await page.evaluate(() => counts.subscribed), 3);
  await page.evaluate('root.unmount()');
  assert.equal(await page.evaluate(() => counts.subscribed), 0);
});

test('useAuth_RendersNothing_WhenNothingChanged', async () => {
  await page.evaluate('mount()');
  await page.evaluate(() => auth.login({ username: 'ada', password: 'p' }));
  await status('active');
  const same = await page.evaluate(async () => {
    const before = counts.renders;
    const snapshot = auth.state;
    await auth.token();
    await auth.fetch('/api/a');
    return { rendered: counts.renders - before, stable: auth.state === snapshot };
  });
  assert.deepEqual(same, { rendered: 0, stable: true });
});

test('AuthProvider_AgreesWithTheServer_WhenItIsHydrated', async () => {
  const initial = { status: 'active', session: { sub: 'u1' } };
  await page.evaluate(({ initial }) => {
    document.getElementById('root').innerHTML = '<p id="status" data-client="true">active|u1|-</p><p id="alone">loading</p>';
    hydrate(initial);
  }, { initial });
  await status('anonymous');   // and then the browser's own knowledge holds
  assert.deepEqual(await page.evaluate('wrong'), []);
});

test('useAuth_RendersWhatTheServerWasTold_WithoutAWindow', () => {
  const auth = createAuth({ url: '/auth' });
  const Status = () => createElement('p', null, `${useAuth().status} ${useSession()?.sub ?? '-'}`);
  const rendered = (initial) => renderToString(createElement(AuthProvider, { auth, initial }, createElement(Status)));
  assert.equal(rendered(undefined), '<p>loading -</p>');
  assert.equal(rendered({ status: 'active', session: { sub: 'u1' } }), '<p>active u1</p>');
});

test('useAuthClient_SaysWhatToWrite_WhenThereIsNone', () => {
  const Alone = () => String(useAuthClient());
  assert.throws(() => renderToString(createElement(Alone)), /AuthProvider/);
});
