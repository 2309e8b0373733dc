import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startChromium } from '../testing/chromium.js';
import { BOUND_MS, startSite } from '../testing/site.js';

const AXE = await readFile(fileURLToPath(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url)), 'utf8');
const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'";
const PAGE = (lang) => `<!doctype html><html lang="${lang}"><title>Devices</title><meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/page.css">
  <main><h1>Page</h1><symbolon-devices></symbolon-devices></main><script type="module" src="/page.js"></script></html>`;
const SCRIPT = `
  import { createAuth } from '/symbolon/client.js';
  import '/symbolon/devices.js';
  window.violations = [];
  document.addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective));
  window.auth = createAuth({ url: '/auth' });
  window.element = document.querySelector('symbolon-devices');
  window.events = [];
  for (const type of ['symbolon-device-ended', 'symbolon-others-ended', 'symbolon-device-renamed', 'symbolon-devices-error'])
    document.addEventListener(type, ({ detail }) => events.push([type, detail.error ? detail.error.code : detail]));
  element.auth = auth;
`;

const HOSTILE = '<img src=x onerror=alert(1)>';
const ago = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();
const device = (session_id, name, minutes, more = {}) => ({
  session_id, current: false, device: { id: `d-${session_id}`, name, type: 'browser' }, user_agent: 'UA', ip: '203.0.113.4',
  created_at: ago(minutes + 9_000), last_seen_at: ago(minutes), expires_at: ago(-9_000), ends_at: ago(-90_000), ...more,
});

let browser, site, page, thrown;

before(async () => {
  [browser, site] = await Promise.all([startChromium(), startSite({
    csp: CSP, pages: { '/en': PAGE('en'), '/zh': PAGE('zh-CN'), '/fr': PAGE('fr') }, scripts: { '/page.js': SCRIPT, '/page.css': ':root { color-scheme: light dark }' },
  })]);
});
after(async () => {
  await browser?.close();
  await site?.close();
});
beforeEach(() => {
  site.reset();
  site.devices = [
    device('s1', 'Firefox on Linux', 1, { current: true }),
    device('s2', 'Pixel 9', 130),
    device('s3', null, 60 * 24 * 3 + 10, { ip: '2001:db8::7' }),
    device('s4', HOSTILE, 60 * 24 * 40),
  ];
  thrown = [];
});
afterEach(async () => {
  assert.deepEqual(await page.evaluate('violations'), []);
  await page.context().close();
  assert.deepEqual(thrown, []);
});

async function open(path = '/en', { signedIn = true, ...context } = {}) {
  page = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, ...context })).newPage();
  page.setDefaultTimeout(BOUND_MS);
  page.on('pageerror', (error) => thrown.push(error.message));
  await page.goto(site.url + path);
  await page.waitForFunction('window.auth');
  if (signedIn) {
    await page.evaluate(() => auth.login({ username: 'ada', password: 'p' }));
    await page.locator('li').first().waitFor();
  }
}

const names = () => page.locator('.name').allTextContents();
const button = (name) => page.getByRole('button', { name });
const focused = () => page.evaluate(() => { const { activeElement } = element.shadowRoot; return activeElement ? activeElement.getAttribute('aria-label') ?? activeElement.textContent : null; });
const event = async (type) => { await page.waitForFunction((type) => events.some(([each]) => each === type), type); return page.evaluate((type) => events.find(([each]) => each === type)[1], type); };
const says = (text) => page.getByRole('status').filter({ hasText: text }).waitFor();

test('lists devices as text, the current one marked, and when each was seen', async () => {
  await open();
  assert.deepEqual(await names(), ['Firefox on Linux', 'Pixel 9', 'Unnamed device', HOSTILE]);
  assert.equal(await page.locator('symbolon-devices img').count(), 0);
  assert.deepEqual(await page.locator('li').filter({ has: page.locator('.badge:visible') }).locator('.name').allTextContents(), ['Firefox on Linux']);
  assert.deepEqual(await page.locator('time').allTextContents(), ['Active now', 'Last seen 2 hours ago', 'Last seen 3 days ago', 'Last seen last month']);
  assert.equal(site.count('GET', '/auth/sessions'), 1);
});

for (const [clock, days] of [['late', 2], ['early', -2]]) {
  test(`counts from the server's clock where the browser's runs ${clock}, also for an element that comes later`, async () => {
    site.skew = days * 24 * 60 * 60_000;
    site.devices = [device('s2', 'Pixel 9', 130 - days * 24 * 60), device('s3', null, 60 * 24 * (3 - days) + 10)];
    await open();
    assert.deepEqual(await page.locator('time').allTextContents(), ['Last seen 2 hours ago', 'Last seen 3 days ago']);
    await page.evaluate(() => { element.remove(); document.querySelector('main').append(Object.assign(document.createElement('symbolon-devices'), { auth })); });
    await page.locator('li').first().waitFor();
    assert.deepEqual(await page.locator('time').allTextContents(), ['Last seen 2 hours ago', 'Last seen 3 days ago']);
  });
}

test('keeps an open form, its text and the focus when the list comes anew in another order', async () => {
  await open();
  await button(/^Rename: Pixel 9/).click();
  await page.keyboard.type('Half a na');
  const [current, pixel, ...rest] = site.devices;
  site.devices = [pixel, ...rest.reverse(), device('s5', 'New', 2), current];
  await page.evaluate(() => element.reload());
  assert.deepEqual(await names(), ['Pixel 9', HOSTILE, 'Unnamed device', 'New', 'Firefox on Linux']);
  await page.keyboard.type('me');
  assert.equal(await page.getByRole('textbox', { name: 'Name of the device' }).inputValue(), 'Half a name');
});

test('hands the focus on when the list comes anew without its row', async () => {
  await open();
  await button(/^Rename: Pixel 9/).focus();
  site.devices = site.devices.filter(({ session_id }) => session_id !== 's2');
  await page.evaluate(() => element.reload());
  assert.match(await focused(), /^Rename: Unnamed device/);
});

test('signs out one device, says so, and keeps the place of the keyboard', async () => {
  await open();
  await button(/^Sign out: Pixel 9/).focus();
  await page.keyboard.press('Enter');
  assert.deepEqual(await event('symbolon-device-ended'), { sessionId: 's2', current: false });
  await says('Pixel 9 is signed out.');
  assert.deepEqual(await names(), ['Firefox on Linux', 'Unnamed device', HOSTILE]);
  assert.match(await focused(), /^Rename: Unnamed device/);
  assert.equal(site.count('DELETE', '/auth/sessions/s2'), 1);
});

test('signs out all others, and the focus goes to the title', async () => {
  await open();
  await button('Sign out all other devices').focus();
  await page.keyboard.press('Enter');
  assert.deepEqual(await event('symbolon-others-ended'), { count: 3 });
  await says('3 other devices are signed out.');
  assert.deepEqual(await names(), ['Firefox on Linux']);
  assert.equal(await focused(), 'Devices');
  assert.equal(await button('Sign out all other devices').count(), 0);
});

test('signs out this device through the client, and shows nobody\'s devices', async () => {
  await open();
  await button(/^Sign out: Firefox/).click();
  assert.deepEqual(await event('symbolon-device-ended'), { sessionId: 's1', current: true });
  await says('Sign in to see your devices.');
  assert.deepEqual(await names(), []);
  assert.equal(await page.evaluate(() => auth.state.status), 'anonymous');
});

test('renames by keyboard, gives the focus back, and asks for a name', async () => {
  await open();
  await button(/^Rename: Pixel 9/).focus();
  await page.keyboard.press('Enter');
  const field = page.getByRole('textbox', { name: 'Name of the device' });
  assert.equal(await field.inputValue(), 'Pixel 9');
  await field.fill('  ');
  await page.keyboard.press('Enter');
  assert.equal(await field.getAttribute('aria-invalid'), 'true');
  await page.getByText('Write a name.').waitFor();
  await field.fill('Phone 电话');
  await page.keyboard.press('Enter');
  assert.deepEqual(await event('symbolon-device-renamed'), { sessionId: 's2', name: 'Phone 电话' });
  await says('The device is now called Phone 电话.');
  await page.waitForFunction(() => element.shadowRoot.activeElement?.textContent === 'Rename');
  assert.match(await focused(), /^Rename: Phone 电话/);

  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  assert.match(await focused(), /^Rename: Phone 电话/);
  assert.equal(await page.locator('form:visible').count(), 0);
});

test('tells an error, keeps the list, and forgets it after the next success', async () => {
  await open();
  site.failing.set('/auth/sessions/s2', [503, { type: 'urn:symbolon:unavailable', title: 't', status: 503, code: 'unavailable' }]);
  await button(/^Sign out: Pixel 9/).click();
  assert.equal(await event('symbolon-devices-error'), 'unavailable');
  await page.getByRole('alert').getByText('That did not work.').waitFor();
  assert.equal((await names()).length, 4);
  site.failing.clear();
  await button(/^Sign out: Pixel 9/).click();
  await says('Pixel 9 is signed out.');
  assert.equal(await page.getByText('That did not work.').count(), 0);
});

test('offers to try again when the list cannot be had', async () => {
  site.failing.set('/auth/sessions', [500, 'broken']);
  await open('/en', { signedIn: false });
  await says('Sign in to see your devices.');
  await page.evaluate(() => auth.login({ username: 'ada', password: 'p' }));
  await page.getByRole('alert').getByText('That did not work.').waitFor();
  site.failing.clear();
  await button('Try again').focus();
  await page.keyboard.press('Enter');
  await page.locator('li').first().waitFor();
  assert.equal(await focused(), 'Devices');
});

test('shows that it loads, and drops an answer that a sign-out has overtaken', async () => {
  let go;
  site.held.set('/auth/sessions', new Promise((resolve) => { go = resolve; }));
  await open('/en', { signedIn: false });
  await page.evaluate(() => auth.login({ username: 'ada', password: 'p' }));
  await says('Loading devices…');
  assert.equal(await page.locator('section').getAttribute('aria-busy'), 'true');
  await page.evaluate(() => auth.logout());
  await says('Sign in to see your devices.');
  const answered = page.waitForResponse('**/auth/sessions*');
  go();
  await (await answered).finished();
  assert.deepEqual(await names(), []);
});

test('a device that is gone already is taken for signed out', async () => {
  await open();
  site.failing.set('/auth/sessions/s2', [404, { type: 'urn:symbolon:not_found', title: 't', status: 404, code: 'not_found' }]);
  await button(/^Sign out: Pixel 9/).click();
  await says('Pixel 9 is signed out.');
});

test('speaks the language of its nearest ancestor, and changes with it', async () => {
  await open('/zh');
  assert.equal(await page.getByRole('heading', { level: 2 }).textContent(), '设备');
  assert.deepEqual(await page.locator('time').allTextContents(), ['当前在线', '上次活动：2小时前', '上次活动：3天前', '上次活动：上个月']);
  await page.evaluate(() => { document.documentElement.lang = 'en-GB'; });
  await page.getByRole('heading', { name: 'Devices' }).waitFor();
  await page.evaluate(() => { element.lang = 'zh-Hans'; });
  await page.getByRole('heading', { name: '设备' }).waitFor();
  await page.evaluate(() => { element.lang = 'fr'; });
  assert.equal(await page.evaluate(() => element.shadowRoot.querySelector('section').lang), 'en');
});

test('takes a client that was set before the element was defined, and follows another one', async () => {
  await open('/en');
  const made = await page.evaluate(async () => {
    const early = document.createElement('symbolon-early');
    early.auth = auth;
    document.querySelector('main').append(early);
    const { SymbolonDevices } = await import('/symbolon/devices.js');
    customElements.define('symbolon-early', class extends SymbolonDevices {});
    return Object.hasOwn(early, 'auth');
  });
  assert.equal(made, false);
  await page.locator('symbolon-early li').first().waitFor();
  await page.evaluate(() => { document.querySelector('symbolon-early').auth = null; });
  await page.locator('symbolon-early').getByText('Sign in to see your devices.').waitFor();
});

for (const [path, scheme] of [['/en', 'light'], ['/zh', 'light'], ['/en', 'dark'], ['/zh', 'dark']]) {
  test(`axe finds nothing in ${path}, ${scheme}, with a form and an error open`, async () => {
    await open(path, { colorScheme: scheme, bypassCSP: true });
    await page.addStyleTag({ content: ':root { color-scheme: light dark } body { margin: 2rem }' });
    await page.evaluate(() => { document.body.style.background = matchMedia('(prefers-color-scheme: dark)').matches ? '#171614' : '#f6f4f0'; document.querySelector('h1').style.color = '#777'; });
    site.failing.set('/auth/sessions/s2', [500, '']);
    await page.locator('li:nth-child(3) button').first().click();
    await page.locator('li:nth-child(2) button.end').click();
    await page.locator('.error:visible').waitFor();
    await page.addScriptTag({ content: AXE });
    const { violations, passes } = await page.evaluate(() => axe.run('symbolon-devices'));
    assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), []);
    assert.ok(passes.some(({ id }) => id === 'color-contrast'));
    for (const width of process.env.SHOTS ? [1280, 360] : []) {
      await page.setViewportSize({ width, height: 1000 });
      await page.screenshot({ path: `${process.env.SHOTS}/devices-${path.slice(1)}-${scheme}-${width}.png` });
    }
  });
}

test('fits a phone without scrolling sideways', async () => {
  site.devices.push(device('s5', 'W'.repeat(64), 5));
  await open('/en', { viewport: { width: 320, height: 700 } });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
});
