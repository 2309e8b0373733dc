/** What a page loads for a client before it is of use: bundled and minified by esbuild, gzipped. What is imported later, when it is needed, does not count. */

import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const later = {
  name: 'loaded later',
  /** @param {import('esbuild').PluginBuild} build */
  setup: ({ onResolve }) => onResolve({ filter: /./ }, ({ kind, path }) => (kind === 'dynamic-import' ? { path, external: true } : undefined)),
};

/** @param {string} contents @param {string[]} [external] @returns {Promise<number>} bytes */
export async function sizeOf(contents, external = []) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname }, bundle: true, format: 'esm', minify: true, write: false, external, plugins: [later], logLevel: 'error',
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}
