/** The package as somebody gets it who installs it: with types. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url)), MODULES = fileURLToPath(new URL('../../node_modules/', import.meta.url));
const CONSUMER = `
import { createVerifier, VerifyError, type Verified } from '@symbolon/verify';

const verifier = createVerifier({ issuer: 'https://auth.example', audience: 'api', clientId: 'orders-api', clientSecret: 'x' });
const passed: Verified = await verifier.verify('token', { mode: 'live' });
const texts: string[] = [passed.sub, ...passed.roles, passed.claims.iss];
const route = verifier.middleware({ roles: ['admin'], scope: 'payments', maxStaleness: 60, whenStale: 'deny' });
const status: number = new VerifyError('token_expired').status;
// @ts-expect-error a misspelt role
verifier.middleware({ role: 'admin' });
// @ts-expect-error a text
createVerifier({ issuer: 'https://auth.example', audience: 'api', allowHttp: 'false' });
export { route, status, texts };
`;

test('package_HasTypes_OfWhatItExports', () => {
  const folder = mkdtempSync(join(tmpdir(), 'symbolon-verify-'));
  const forget = () => rmSync(join(ROOT, 'types'), { recursive: true, force: true }); // those of a former time would do as well
  forget();
  try {
    const [{ filename, files }] = JSON.parse(execFileSync('npm', ['pack', '--json', '--loglevel=error', '--pack-destination', folder], { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    assert.deepEqual(files.map((/** @type {{ path: string }} */ { path }) => path).filter((/** @type {string} */ path) => /^test/.test(path)), []);
    const installed = join(folder, 'node_modules/@symbolon/verify');
    mkdirSync(installed, { recursive: true });
    execFileSync('tar', ['-xzf', join(folder, filename), '--strip-components=1', '-C', installed]);
    for (const name of ['jose', '@types']) symlinkSync(join(MODULES, name), join(folder, 'node_modules', name));
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(join(folder, 'consumer.ts'), CONSUMER);
    const compiler = createRequire(import.meta.url).resolve('typescript/package.json').replace('package.json', 'bin/tsc');
    execFileSync(process.execPath, [compiler, '--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node', 'consumer.ts'], { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
  } finally {
    rmSync(folder, { recursive: true });
    forget();
  }
});
