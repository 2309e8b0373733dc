/** A client's page in Chromium, as an adapter of the conformance kit: a real cookie jar, real locks, real fetch. */

import { build } from 'esbuild';
import { chromium } from 'playwright-core';

const PAGE = '/comparison-page';

/** The page is made here, so that it has no address: without the flag Chromium takes it for one of the public network's, and lets it call nothing on loopback but its own host. */
const FLAGS = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-features=LocalNetworkAccessChecks'];

export const startChromium = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });

/** The page's script. @param {string} file */
export async function bundleOf(file) {
  const built = await build({ stdin: { contents: `import { start } from ${JSON.stringify(file)}; window.client = start();`, resolveDir: '/' }, bundle: true, format: 'iife', write: false, minify: true, logLevel: 'error' });
  return built.outputFiles[0].text;
}

/** The wall clock of the page: the real one, and what it is moved by. */
const CLOCK = `window.__ahead = 0; Date = class extends Date { constructor(...given) { if (given.length) super(...given); else super(Date.now()); } };
  { const now = Object.getPrototypeOf(Date).now; Date.now = () => now() + window.__ahead; }`;

/**
 * @param {import('playwright-core').Browser} browser @param {string} script
 * @param {(url: string) => Promise<{ url: string, stop(): void }>} [front]  what stands in front of the mock
 */
export const inChromium = (browser, script, front) => async ({ url, now }) => {
  const context = await browser.newContext();
  const fronted = await front?.(url);
  const page = await context.newPage();
  await page.addInitScript(CLOCK);
  await page.route(`**${PAGE}`, (route) => route.fulfill({ contentType: 'text/html', body: `<!doctype html><title>A client</title><script>${script.replaceAll('</script', '<\\/script')}</script>` }));
  await page.goto(`${fronted?.url ?? url}${PAGE}`);
  const does = await page.evaluate(async () => Object.keys(await window.client));

  const run = (what, ...given) => page.evaluate(async ({ ahead, what, given }) => {
    window.__ahead = ahead;
    const result = await (await window.client)[what](...given);
    return what === 'call' ? { status: result.status } : what === 'state' ? result : null;
  }, { ahead: now() - Date.now(), what, given });

  return {
    page,
    usesNow: true,
    login: (user, password) => run('login', user, password),
    call: (path) => run('call', path),
    ...(does.includes('logout') ? { logout: () => run('logout') } : {}),
    ...(does.includes('state') ? { state: () => run('state') } : {}),
    online: (isOnline) => context.setOffline(!isOnline),
    async close() {
      await context.close();
      fronted?.stop();
    },
  };
};
