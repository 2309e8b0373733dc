/** The kit against the real mock: our client passes, a naive one fails where it should, and a program is scored like a module. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { commandClient, renderReport, runConformance } from '../conformance.js';
import { startMock } from '../mock.js';
import * as naive from '../testing/clients/naive.js';
import * as symbolon from '../testing/clients/symbolon.js';

const file = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));

/** @type {import('../mock.js').Mock} */
let mock;

before(async () => {
  mock = await startMock({ seed: 7 });
});

after(() => mock.stop());

/** @param {import('../conformance.js').Report} report */
const failed = ({ results }) => results.filter(({ verdict }) => verdict === 'failed').map(({ number }) => number);

test('runConformance_PassesOurClient', async () => {
  const report = await runConformance({ mock, create: symbolon.create });
  assert.equal(report.score, 1, renderReport(report));
  assert.equal(report.results.length, 15);
});

test('runConformance_FailsANaiveClient_WhereItIsNaive', async () => {
  const report = await runConformance({ mock, create: naive.create, only: [1, 5, 16, 18, 20] });
  assert.deepEqual(failed(report), [1, 16, 20], renderReport(report));
  const [first] = report.results;
  assert.ok(first.figures.refreshes > 1);
});

test('runConformance_ScoresAProgram_AsItScoresAModule', async () => {
  const report = await runConformance({ mock, create: commandClient(`"${process.execPath}" "${file('../testing/clients/lines.js')}"`), only: [5, 16, 18] });
  assert.deepEqual(failed(report), [16], renderReport(report));
});

test('runConformance_RefusesScenariosThatThereAreNot_InsteadOfScoringNothing', async () => {
  for (const only of [[2], [1, 99], []]) await assert.rejects(runConformance({ mock, create: naive.create, only }), RangeError);
});

test('commandClient_EndsTheProgram_WhenItDoesNotEndWithItsInput', { skip: process.platform === 'win32' }, async () => {
  const stubborn = (/** @type {string} */ answer) => `"${process.execPath}" -e "${answer} setInterval(() => {}, 1000)"; true`;
  const silent = commandClient(stubborn(''), { answersWithin: 100, endsWithin: 100 });
  await assert.rejects(async () => silent({ url: mock.url, now: Date.now }), /No answer to create/);
  const client = await commandClient(stubborn(`process.stdout.write(JSON.stringify({ id: 1, uses_now: true }) + '\\n');`), { endsWithin: 100 })({ url: mock.url, now: Date.now });
  await client.close?.(); // comes to its end
});

test('runConformance_SaysWhatIsNotOffered', async () => {
  const create = async (/** @type {{ url: string }} */ options) => {
    const { login, call } = await naive.create(options);
    return { login, call };
  };
  const report = await runConformance({ mock, create, only: [7, 14, 16, 18] }); // one call at a time: how often a naive client refreshes beside itself is chance
  assert.deepEqual(report.results.map(({ verdict }) => verdict), ['not offered', 'not offered', 'passed', 'passed']);
  assert.deepEqual(report.results[2].checks.map(({ passed }) => passed), [true, null, true]);
});

test('runConformance_SaysThatAClientCannotPlay_WhenItsLogInFails', async () => {
  const create = () => ({ login: async () => { throw new Error('no'); }, call: async () => ({ status: 0 }) });
  const report = await runConformance({ mock, create, only: [1] });
  assert.deepEqual(report.results[0].checks, [{ name: 'it can be played', passed: false, detail: 'no' }]);
});

/** @param {string[]} args @returns {Promise<{ code: number | null, output: string }>} */
const cli = (args) => new Promise((resolve) => {
  const child = spawn(process.execPath, [file('../conformance-cli.js'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  child.once('close', (code) => resolve({ code, output }));
});

test('program_ExitsByTheResult', async () => {
  const passes = await cli(['--client', file('../testing/clients/symbolon.js'), '--url', mock.url, '--only', '16,18', '--json']);
  assert.deepEqual([passes.code, JSON.parse(passes.output).passed], [0, 2]);
  const fails = await cli(['--client', file('../testing/clients/naive.js'), '--url', mock.url, '--only', '16']);
  assert.equal(fails.code, 1);
  assert.match(fails.output, /16 {2}failed/);
  const cannot = await cli(['--client', file('../testing/clients/naive.js'), '--url', 'http://127.0.0.1:9']);
  assert.equal(cannot.code, 2);
  assert.equal((await cli([])).code, 2);
  const nothing = await cli(['--client', file('../testing/clients/naive.js'), '--url', mock.url, '--only', '2']);
  assert.deepEqual([nothing.code, /There is no scenario 2/.test(nothing.output)], [2, true]);
});
