/**
 * Plays the scenarios of the clients' contract that need no browser against a client, and scores it. The mock's log is the judge.
 *
 * @example
 * const mock = await startMock();
 * const report = await runConformance({ mock, create: ({ url, now }) => myClient(url, now) });
 * assert.equal(report.failed, 0);
 */

import { Judge, NotOffered } from './conformance/judge.js';
import { SCENARIOS } from './conformance/scenarios.js';

export { commandClient } from './conformance/command-client.js';

/**
 * @typedef {import('./conformance/judge.js').Client} Client
 * @typedef {import('./conformance/judge.js').Check} Check
 * @typedef {(options: { url: string, now: () => number }) => Promise<Client> | Client} Create
 * @typedef {{ number: number, title: string, verdict: 'passed' | 'failed' | 'not offered', points: number, of: number, checks: Check[], figures: Record<string, number>, needs?: string }} Result
 * @typedef {{ passed: number, failed: number, notOffered: number, points: number, of: number, score: number, results: Result[] }} Report  score: the share of scenarios passed, 0 to 1
 */

/** @param {{ mock: import('./control.js').MockControl, create: Create, only?: number[], told?: (result: Result) => void }} options @returns {Promise<Report>} */
export async function runConformance({ mock, create, only, told = () => {} }) {
  const unknown = only?.filter((number) => !SCENARIOS.some((scenario) => scenario.number === number)) ?? [];
  if (unknown.length > 0 || only?.length === 0) {
    throw new RangeError(`${unknown.length > 0 ? `There is no scenario ${unknown.join(', ')} here` : 'No scenario is named'}; there are ${SCENARIOS.map(({ number }) => number).join(', ')}.`); // a score of nothing would look like a success
  }

  /** @type {Result[]} */
  const results = [];
  for (const scenario of SCENARIOS) {
    if (only && !only.includes(scenario.number)) continue;
    const result = await play(scenario, mock, create);
    results.push(result);
    told(result);
  }

  const count = (/** @type {Result['verdict']} */ verdict) => results.filter((result) => result.verdict === verdict).length;
  const sum = (/** @type {'points' | 'of'} */ member) => results.reduce((all, result) => all + result[member], 0);
  const passed = count('passed');
  return { passed, failed: count('failed'), notOffered: count('not offered'), points: sum('points'), of: sum('of'), score: results.length === 0 ? 0 : passed / results.length, results };
}

/** @param {import('./conformance/scenarios.js').Scenario} scenario @param {import('./control.js').MockControl} mock @param {Create} create @returns {Promise<Result>} */
async function play({ number, title, play: plays }, mock, create) {
  await mock.reset();
  const time = { offset: 0 };
  const client = await create({ url: mock.url, now: () => Date.now() + time.offset });
  const judge = new Judge(mock, client, time);
  let needs;
  try {
    await client.login('user', 'user');
    await judge.mark();
    await plays(judge);
  } catch (error) {
    if (error instanceof NotOffered) needs = error.message;
    else judge.check('it can be played', false, error instanceof Error ? error.message : 'unknown');
  } finally {
    await client.close?.();
    await mock.faults.clear();
  }

  const offered = judge.checks.filter(({ passed }) => passed !== null);
  const points = offered.filter(({ passed }) => passed).length;
  const verdict = needs !== undefined || offered.length === 0 ? 'not offered' : points === offered.length ? 'passed' : 'failed';
  return { number, title, verdict, points, of: offered.length, checks: judge.checks, figures: judge.figures, ...(needs === undefined ? {} : { needs }) };
}

/** A line for each scenario, and one for all. @param {Report} report */
export function renderReport({ results, passed, points, of }) {
  const lines = results.map((result) => {
    const wrong = result.checks.filter((check) => check.passed === false).map(({ name, detail }) => (detail === undefined ? name : `${name} (${detail})`));
    const says = result.verdict === 'failed' ? `not: ${wrong.join('; ')}` : result.needs ? `needs ${result.needs}` : '';
    return `${String(result.number).padStart(2)}  ${result.verdict.padEnd(11)}  ${`${result.points}/${result.of}`.padStart(5)}  ${result.title}${says ? `\n${' '.repeat(24)}${says}` : ''}`;
  });
  return [...lines, `${passed} of ${results.length} scenarios, ${points} of ${of} points`].join('\n');
}
