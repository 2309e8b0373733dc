/**
 * The table of clients in the README, made anew: node clients/comparison/run.mjs [--only naive] [--rounds 5] [--write]
 * Each client runs in Chromium against the mock: the bar of 50 calls, and the conformance kit. --write puts the table into README.md and docs/measurements.md.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { renderReport, runConformance } from '../mock/conformance.js';
import { startMock } from '../mock/mock.js';
import { playBar } from './bar.js';
import { bundleOf, inChromium, startChromium } from './chromium.js';
import { sizeOf } from './size.js';
import { supertokensFront } from './supertokens-front.js';

const { values } = parseArgs({ options: { only: { type: 'string' }, rounds: { type: 'string', default: '5' }, write: { type: 'boolean' }, help: { type: 'boolean' } } });
const ROUNDS = Number(values.rounds);
const file = (name) => fileURLToPath(new URL(name, import.meta.url));
const version = (name) => JSON.parse(readFileSync(file(`../node_modules/${name}/package.json`), 'utf8')).version;

const CLIENTS = [
  { name: '@symbolon/client', file: 'symbolon', import: "export { createAuth } from '../browser/client.js'" },
  { name: `supertokens-website ${version('supertokens-website')}`, file: 'supertokens', import: "import S from 'supertokens-website'; window.s = S.init", front: supertokensFront },
  { name: `axios-auth-refresh ${version('axios-auth-refresh')}`, file: 'axios-auth-refresh', import: "export { createAuthRefresh } from 'axios-auth-refresh'", besides: "import axios from 'axios'; window.a = axios" },
  { name: `oidc-client-ts ${version('oidc-client-ts')}`, file: 'oidc-client-ts', import: "export { User, UserManager } from 'oidc-client-ts'" },
  { name: 'a naive interceptor', file: 'naive', import: "export { start } from './clients/naive.js'" },
];

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const range = (numbers) => (Math.min(...numbers) === Math.max(...numbers) ? `${numbers[0]}` : `${Math.min(...numbers)} to ${Math.max(...numbers)}`);
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

async function measure(client, mock, browser, ideal) {
  const create = inChromium(browser, await bundleOf(file(`clients/${client.file}.js`)), client.front);
  const bar = await playBar({ mock, create, rounds: ROUNDS });
  const report = await runConformance({ mock, create });
  const wall = median(bar.map((one) => one.wall));
  console.log(`\n${client.name}\n${renderReport(report)}`);
  return {
    name: client.name,
    refreshes: range(bar.map((one) => one.refreshes)),
    succeeded: range(bar.map((one) => one.succeeded)),
    wall: `${(wall / 1000).toFixed(2)} s`,
    ratio: bar.every((one) => one.succeeded === 50) ? (wall / ideal).toFixed(2) : '–', // who gives up is soon done
    size: kilobytes(await sizeOf(client.import, client.besides ? ['axios'] : [])) + (client.besides ? ` + axios ${kilobytes(await sizeOf(client.besides))}` : ''),
    score: `${report.passed} of ${report.results.length}`,
  };
}

function table(rows) {
  const columns = ['name', 'refreshes', 'succeeded', 'wall', 'ratio', 'size', 'score'];
  return ['| client | refreshes | of 50 succeed | wall | × ideal | gzipped | scenarios |', '|---|---:|---:|---:|---:|---:|---:|', ...rows.map((row) => `| ${columns.map((column) => row[column]).join(' | ')} |`)].join('\n');
}

async function main() {
  const mock = await startMock({ seed: 1 });
  const browser = await startChromium();
  try {
    const idealBar = await playBar({ mock, create: inChromium(browser, await bundleOf(file('clients/ideal.js'))), rounds: ROUNDS });
    const ideal = median(idealBar.map((one) => one.wall));
    const rows = [];
    for (const client of CLIENTS) if (!values.only || client.file === values.only) rows.push(await measure(client, mock, browser, ideal));
    const made = table(rows);
    const about = `Ideal ${(ideal / 1000).toFixed(2)} s, median of ${ROUNDS}; ${cpus().length} shared cores, Chromium ${browser.version().split('.')[0]}, Node ${process.versions.node.split('.')[0]}; ${new Date().toISOString().slice(0, 10)}.`;
    console.log(`\n${made}\n\n${about}`);
    if (values.write) {
      write('../../README.md', made);
      write('../../docs/measurements.md', `${made}\n\n${about}`);
    }
  } finally {
    await browser.close();
    await mock.stop();
  }
}

/** Between the markers. */
function write(name, made) {
  const [begin, end] = ['<!-- clients -->', '<!-- /clients -->'];
  const text = readFileSync(file(name), 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${name} has no ${begin} … ${end}.`);
  writeFileSync(file(name), `${text.slice(0, from + begin.length)}\n${made}\n${text.slice(to)}`);
}

await main();
