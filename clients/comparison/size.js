/** What a page loads for a client before it is of use: bundled and minified by esbuild, gzipped. What is imported later, when it is needed, does not count. */

import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** @param {string} contents @param {string[]} [external] @returns {Promise<number>} bytes */
export async function sizeOf(contents, external = []) {
  const options = { bundle: true, splitting: true, format: 'esm', minify: true, write: false, metafile: true, outdir: '/size', external, logLevel: 'error' };
  const { metafile, outputFiles } = await build({ stdin: { contents, resolveDir: import.meta.dirname }, ...options });
  const entry = Object.keys(metafile.outputs).find((name) => metafile.outputs[name].entryPoint === '<stdin>');
  const loaded = new Set([entry]);
  for (const name of loaded) metafile.outputs[name].imports.forEach(({ kind, path, external: isElsewhere }) => kind === 'import-statement' && !isElsewhere && loaded.add(path));
  const chunks = outputFiles.filter(({ path }) => [...loaded].some((name) => path.endsWith(name.replace(/^.*\/size\//, '/size/'))));
  return chunks.reduce((sum, { contents: bytes }) => sum + gzipSync(bytes, { level: 9 }).length, 0);
}
