/** The adapters and the devices element in a real page of the real server, which serves them itself. Build the server first. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Authority } from '../../verify/testing/authority.js';
import { startChromium } from '../testing/chromium.js';
import { BOUND_MS } from '../testing/site.js';

const npm = (path) => readFile(fileURLToPath(new URL(`../../node_modules/${path}`, import.meta.url)), 'utf8');
let authority, browser, page;

before(async () => {
  authority = await Authority.start();
  browser = await startChromium();
  page = await browser.newPage();
  page.setDefaultTimeout(BOUND_MS);
  await page.goto(`${authority.url}/health/live`);   // of its origin, with nothing of its own
  for (const library of ['jquery/dist/jquery.js', 'axios/dist/axios.js']) await page.evaluate(await npm(library));   // jQuery wants a document that is there
  await page.evaluate(async () => {
    const { createAuth } = await import('/symbolon/client.js');
    window.auth = createAuth({ url: '/auth' });
    await auth.login({ username: 'ada', password: 'three unrelated words', device: { id: 'a', name: 'Page' } }, { endpoint: 'register' });
  });
});
after(async () => {
  await browser?.close();
  await authority?.kill();
});

/** Tokens of before are refused from now on, though they are young. */
async function raiseClaims() {
  const sub = await page.evaluate(() => auth.state.session.sub);
  await authority.post(`/admin/users/${sub}/end-sessions`, { soft: true }, await authority.admin());
}

for (const [name, send] of [
  ['attachAxios', () => import('/symbolon/axios.js').then(async ({ attachAxios }) => { const api = axios.create(); attachAxios(auth, api); return (await api.get('/auth/session')).data; })],
  ['installXhr', () => import('/symbolon/xhr.js').then(async ({ installXhr }) => { const undo = installXhr(auth); try { return await $.getJSON('/auth/session'); } finally { undo(); } })],
  ['installFetch', () => import('/symbolon/install-fetch.js').then(async ({ installFetch }) => { const undo = installFetch(auth); try { return await (await fetch('/auth/session')).json(); } finally { undo(); } })],
]) {
  test(`${name} renews a token that the server refuses`, async () => {
    await raiseClaims();
    const before = await page.evaluate(() => auth.state.session.generation);
    const session = await page.evaluate(send);
    const now = await page.evaluate(() => ({ sid: auth.state.session.sid, generation: auth.state.session.generation }));
    assert.deepEqual(now, { sid: session.session_id, generation: before + 1 });
  });
}

test('symbolon-devices lists, renames and signs out what the server holds', async () => {
  const other = await authority.post('/auth/login', { username: 'ada', password: 'three unrelated words', device: { id: 'b', name: 'Phone', type: 'phone' } });
  await page.evaluate(async () => {
    await import('/symbolon/devices.js');
    document.body.replaceChildren(Object.assign(document.createElement('symbolon-devices'), { auth, lang: 'en' }));
  });
  await page.locator('li').nth(1).waitFor();
  assert.deepEqual((await page.locator('.name').allTextContents()).sort(), ['Page', 'Phone']);
  await page.getByRole('button', { name: /^Rename: Phone/ }).click();
  await page.getByRole('textbox').fill('Old phone');
  await page.keyboard.press('Enter');
  await page.getByText('The device is now called Old phone.').waitFor();
  const { items } = await authority.call('GET', '/auth/sessions', undefined, other.access_token);
  assert.deepEqual(items.map(({ device }) => device.name).sort(), ['Old phone', 'Page']);
  await page.getByRole('button', { name: /^Sign out: Old phone/ }).click();
  await page.getByText('Old phone is signed out.').waitFor();
  const refused = await fetch(`${authority.url}/auth/session`, { headers: { authorization: `Bearer ${other.access_token}` } });
  assert.equal(refused.status, 401);
  await page.getByRole('button', { name: /^Sign out: Page/ }).click();
  await page.getByText('Sign in to see your devices.').waitFor();
});
