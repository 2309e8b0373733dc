/** What a page loads for a client: bundled and minified by esbuild, gzipped. */

import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** @param {string} contents @param {string[]} [external] @returns {Promise<number>} bytes */
export async function sizeOf(contents, external = []) {
  const built = await build({ stdin: { contents, resolveDir: import.meta.dirname }, bundle: true, format: 'esm', minify: true, write: false, external, logLevel: 'error' });
  return gzipSync(built.outputFiles[0].contents, { level: 9 }).length;
}
