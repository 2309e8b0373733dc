/** The size and the types, as somebody gets them who installs the package. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const CORE_LIMIT = 5_120;
const ROOT = fileURLToPath(new URL('..', import.meta.url));

test('What importing client.js loads is at most 5 kB', async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: [`${ROOT}client.js`], bundle: true, minify: true, format: 'esm', write: false, metafile: true,
    plugins: [{ name: 'loaded later', setup: ({ onResolve }) => onResolve({ filter: /^\.\// }, ({ kind, path }) => (kind === 'dynamic-import' ? { path, external: true } : undefined)) }],
  });
  const size = gzipSync(outputFiles[0].contents, { level: 9 }).length;
  assert.ok(size <= CORE_LIMIT, `${size} bytes`);
  assert.deepEqual(Object.values(metafile.outputs)[0].imports.map(({ path }) => path).sort(), ['./account.js', './dpop.js', './lease.js', './live.js', './refused.js', './store.js']);
});

for (const project of ['tsconfig.json', 'test/types/tsconfig.json']) {
  test(`Types are in order: ${project}`, () => {
    const compiler = createRequire(import.meta.url).resolve('typescript/package.json').replace('package.json', 'bin/tsc');
    execFileSync(process.execPath, [compiler, '--noEmit', '-p', project], { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
  });
}
