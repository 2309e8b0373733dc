import { argumentsFor } from './arguments.js';
import { findCommand } from './command.js';
import { control } from './control.js';
import { MockError } from './errors.js';
import { temporaryFiles } from './files.js';
import { startProgram } from './program.js';

export { MockError };

const TRIES = 5;

/** @typedef {import('./control.js').Fault} Fault */
/** @typedef {import('./control.js').Length} Length */
/** @typedef {import('./control.js').LogEntry} LogEntry */
/** @typedef {import('./control.js').MockControl} MockControl */
/** @typedef {import('./control.js').MockState} MockState */

/** @typedef {{ username: string, password: string, roles?: string[], display_name?: string, email?: string, disabled?: boolean }} User */
/** @typedef {{ path: string, methods?: string[], roles?: string[], scope?: string, anonymous?: boolean, mode?: 'live' | 'revocable' | 'offline', status?: number, body?: unknown }} Route */

/**
 * @typedef {object} MockOptions
 * @property {string | string[]} [command] the `symbolon` program, a `symbolon.dll`, or either with leading arguments;
 *   default SYMBOLON_COMMAND, then `symbolon` on the PATH, then this repository's newest build
 * @property {string} [profile]        behaves like a well-known mock
 * @property {boolean} [bugCompatible] with its bugs
 * @property {string | User[]} [users] a file, or the users; default `admin`/`admin` with the role admin, and `user`/`user`
 * @property {string | Route[]} [routes] a file, or the routes; the first match wins
 * @property {string | Record<string, unknown>} [data] a file, or what it would hold: REST under `/api`
 * @property {Length} [ttl]            life of an access token
 * @property {Length} [refreshTtl]     life of an unused session
 * @property {string} [latency]        `"50..300ms"`: drawn from the seed, for each request
 * @property {Fault[]} [faults]        from the start on, and again after each reset
 * @property {number} [seed]           the same seed, the same keys and draws
 * @property {number} [port]           default: a free one
 * @property {string[]} [cors]         origins beside the loopback ones, which are always allowed
 * @property {number} [startTimeout]   ms; default 30 000
 */
/** A mock that this process started. @typedef {MockControl & { stop: () => Promise<void> } & AsyncDisposable} Mock */

/**
 * Starts a mock back end and waits until it answers. It ends with `stop`, or with this process.
 * @example
 * const mock = await startMock({ ttl: '60s' });
 * await mock.clock.advance('2m');
 * assert.equal(await mock.log.count('POST', '/auth/refresh'), 1);
 * await mock.stop();
 * @param {MockOptions} [options]
 * @returns {Promise<Mock>}
 * @throws {import('./errors.js').MockError} `not_found`, `died` (with what it said), `timeout`
 */
export async function startMock(options = {}) {
  const command = findCommand(options.command);
  const files = temporaryFiles();
  try {
    const program = await startedOn(options.port ?? 0, () => startProgram(command, argumentsFor(options, files), options.startTimeout ?? 30_000));
    const stop = async () => {
      await program.stop();
      files.remove();
    };
    return { ...control(program.url), stop, [Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')]: stop };
  } catch (error) {
    files.remove();
    throw error;
  }
}

/**
 * A free port may be another's a moment later; then there is another one.
 * @template T
 * @param {number} port @param {() => Promise<T>} start
 */
async function startedOn(port, start) {
  for (let tries = 1; ; tries++) {
    try {
      return await start();
    } catch (error) {
      if (port !== 0 || tries === TRIES || !(error instanceof MockError && error.output.includes('address already in use'))) throw error;
    }
  }
}

/**
 * The control calls of a mock that already runs.
 * @param {string} url such as `http://localhost:5081`
 * @returns {Promise<MockControl>}
 * @throws {import('./errors.js').MockError} `unreachable`, `not_a_mock`
 */
export async function connectMock(url) {
  const mock = control(url);
  await mock.clock.now();
  return mock;
}
