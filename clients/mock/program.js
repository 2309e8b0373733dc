import { spawn } from 'node:child_process';
import { MockError } from './errors.js';

const READY = /listening on (https?:\/\/\S+)/;
const KEPT_OUTPUT = 8_192;
const KILL_AFTER_MS = 5_000;

/**
 * A running `symbolon mock`.
 * @typedef {object} Program
 * @property {string} url as its ready line says it
 * @property {() => Promise<void>} stop ends it and waits until it has ended
 */

/**
 * Starts the program and waits for its ready line. It ends with this process, however that ends, because its standard input does.
 * @param {import('./command.js').Command} command
 * @param {string[]} args
 * @param {number} timeout ms
 * @returns {Promise<Program>}
 * @throws {MockError} `not_found`, `died`, `timeout`
 */
export function startProgram(command, args, timeout) {
  const child = spawn(command.file, [...command.args, ...args], { stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
  const name = [command.file, ...command.args].join(' ');
  let output = '';
  let late = false;
  /** @type {Promise<void>} */
  const ended = new Promise((resolve) => child.once('close', () => resolve()));

  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
      await ended;
      clearTimeout(timer);
    }
  };

  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      late = true;
      stop();
    }, timeout);
    const settle = () => clearTimeout(timer);

    child.stdin.on('error', () => {}); // It has ended; `close` says so.
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
        output = (output + text).slice(-KEPT_OUTPUT);
        const url = READY.exec(output)?.[1];
        if (!url) return;
        settle();
        // From here on it may write what it likes; nobody reads it, and the pipe must not fill up.
        for (const each of [child.stdout, child.stderr]) each.removeAllListeners('data').resume();
        unref(child);
        resolve({ url, stop });
      });
    }
    child.once('error', (cause) => {
      settle();
      const missing = /** @type {NodeJS.ErrnoException} */ (cause).code === 'ENOENT';
      reject(new MockError(missing ? 'not_found' : 'died', missing ? `There is no program ${command.file}.` : `${name} cannot be started: ${cause.message}`, { cause }));
    });
    ended.then(() => {
      settle();
      reject(late
        ? new MockError('timeout', `${name} did not answer within ${timeout} ms.${said(output)}`, { output })
        : new MockError('died', `${name} ended before it answered.${said(output)}`, { output }));
    });
  });
}

/** @param {string} output */
const said = (output) => (output.trim() ? ` It said:\n${output.trim()}` : '');

/** A forgotten mock must not keep the test run from ending. @param {import('node:child_process').ChildProcessWithoutNullStreams} child */
function unref(child) {
  child.unref();
  for (const stream of [child.stdin, child.stdout, child.stderr]) /** @type {import('node:net').Socket} */ (/** @type {unknown} */ (stream)).unref();
}
