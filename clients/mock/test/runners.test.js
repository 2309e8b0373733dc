import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const output = mkdtempSync(join(tmpdir(), 'symbolon-runners-'));
after(() => rmSync(output, { recursive: true, force: true }));

/** @param {string[]} args @returns {Promise<{ code: number | null, said: string }>} */
function run(...args) {
  const { NODE_TEST_CONTEXT, ...env } = process.env; // those runners are not parts of this one
  const child = spawn(process.execPath, args, { env: { ...env, OUTPUT: output, NO_COLOR: '1', CI: '1' }, timeout: 120_000 });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { said += chunk; });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, said })));
}

const config = (/** @type {string} */ runner) => fileURLToPath(new URL(`../testing/${runner}/config.js`, import.meta.url));

test('Playwright has a mock for its tests, reset before each', async () => {
  const cli = join(dirname(require.resolve('@playwright/test/package.json')), 'cli.js');
  const { code, said } = await run(cli, 'test', '-c', config('playwright'));
  assert.equal(code, 0, said);
  assert.match(said, /2 passed/);
});

test('Vitest has a mock for its run, reset before each test', async () => {
  const cli = join(dirname(require.resolve('vitest/package.json')), 'vitest.mjs');
  const { code, said } = await run(cli, 'run', '--config', config('vitest'));
  assert.equal(code, 0, said);
  assert.match(said, /2 passed/);
});
