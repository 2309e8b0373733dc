#!/usr/bin/env node
/** symbolon-conformance: scores a client. */

import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { commandClient, renderReport, runConformance } from './conformance.js';
import { connectMock, startMock } from './mock.js';

const HELP = `Plays the scenarios of the clients' contract against a client and scores it.

  symbolon-conformance --client ./adapter.mjs      an ES module: export async function create({ url, now }) → { login, call, logout?, state?, online?, usesNow? }
  symbolon-conformance --command "dotnet run …"    a program that speaks one JSON object per line

  --url http://localhost:5081   a mock that already runs (it is reset); else one is started
  --only 1,5,12                 these scenarios alone
  --json                        the report as JSON

Exit code: 0 when nothing failed, 1 when something did, 2 when it cannot run. All of it: docs/conformance.md.`;

async function main() {
  const { values } = parseArgs({ options: { client: { type: 'string' }, command: { type: 'string' }, url: { type: 'string' }, only: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });
  if (values.help) {
    console.log(HELP);
    return 0;
  }

  if (Boolean(values.client) === Boolean(values.command)) throw new Error('Give either --client or --command; --help says how.');
  const create = values.command ? commandClient(values.command) : (await import(pathToFileURL(/** @type {string} */ (values.client)).href)).create;
  if (typeof create !== 'function') throw new Error(`${values.client} exports no function 'create'.`);
  const only = values.only?.split(',').map(Number);
  if (only?.some((number) => !Number.isInteger(number))) throw new Error('--only takes numbers with commas between, such as 1,5,12.');

  const started = values.url ? null : await startMock();
  try {
    const mock = started ?? (await connectMock(/** @type {string} */ (values.url)));
    const report = await runConformance({ mock, create, only });
    console.log(values.json ? JSON.stringify(report, null, 2) : renderReport(report));
    return report.failed === 0 ? 0 : 1;
  } finally {
    await started?.stop();
  }
}

main().then(
  (code) => process.exit(code), // a client may keep timers
  (error) => {
    console.error(`symbolon-conformance: ${error.message}`);
    process.exit(2);
  },
);
