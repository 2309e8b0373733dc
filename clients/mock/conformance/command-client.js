/**
 * A client in any language: a command that reads one JSON object per line and answers each with one, in any order.
 *   → {"id":1,"do":"create","url":"http://localhost:43210","now":1767225600000}   ← {"id":1,"uses_now":true,"offers":["logout","state"]}
 *   → {"id":2,"do":"login","user":"user","password":"user","now":…}               ← {"id":2}
 *   → {"id":3,"do":"call","path":"/api/orders","now":…}                           ← {"id":3,"status":200}
 *   → {"id":6,"do":"online","is_online":false,"now":…}  ← {"id":6}
 *   → {"id":4,"do":"logout","now":…}  ← {"id":4}      → {"id":5,"do":"state","now":…}  ← {"id":5,"signed_in":false,"reason":"ended_by_admin"}
 * What cannot be done is answered with {"id":…,"error":"…"}. `now` is the clock to go by, in milliseconds. It ends when its input does.
 */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const ANSWERS_WITHIN = 30_000, ENDS_WITHIN = 5_000;

/**
 * @param {string} command  run by the shell
 * @param {{ answersWithin?: number, endsWithin?: number }} [patience] ms
 * @returns {(options: { url: string, now: () => number }) => Promise<import('./judge.js').Client>}
 */
export const commandClient = (command, { answersWithin = ANSWERS_WITHIN, endsWithin = ENDS_WITHIN } = {}) => async ({ url, now }) => {
  // In a group of its own: what is to end is the program, not the shell alone.
  const child = spawn(command, { shell: true, stdio: ['pipe', 'pipe', 'inherit'], detached: process.platform !== 'win32' });
  /** @type {Map<number, (answer: any) => void>} */
  const waiting = new Map();
  let count = 0;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer = parse(line);
    waiting.get(answer?.id)?.(answer);
  });
  child.stdin.on('error', () => {});
  const ended = new Promise((resolve) => child.once('close', resolve));
  void ended.then(() => waiting.forEach((answer) => answer({ error: 'The command has ended.' })));
  child.once('error', () => {});

  /** @param {string} what @param {object} [more] @returns {Promise<any>} */
  const ask = (what, more = {}) => new Promise((resolve, reject) => {
    const id = ++count;
    const timer = setTimeout(() => done({ error: `No answer to ${what} within ${answersWithin / 1000} s.` }), answersWithin);
    const done = (/** @type {any} */ answer) => {
      clearTimeout(timer);
      waiting.delete(id);
      if (answer.error === undefined) resolve(answer);
      else reject(new Error(String(answer.error)));
    };
    waiting.set(id, done);
    if (child.exitCode === null && child.signalCode === null) child.stdin.write(`${JSON.stringify({ id, do: what, ...more, now: now() })}\n`);
    else done({ error: 'The command has ended.' });
  });

  async function close() {
    child.stdin.end();
    const timer = setTimeout(() => kill(child), endsWithin);
    await ended;
    clearTimeout(timer);
  }

  const { uses_now: usesNow = false, offers = [] } = await ask('create', { url }).catch(async (error) => {
    await close();
    throw error;
  });
  return {
    usesNow: Boolean(usesNow),
    login: (user, password) => ask('login', { user, password }),
    call: async (path) => ({ status: Number((await ask('call', { path })).status) }),
    ...(offers.includes('logout') ? { logout: () => ask('logout') } : {}),
    ...(offers.includes('online') ? { online: (isOnline) => ask('online', { is_online: isOnline }) } : {}),
    ...(offers.includes('state') ? { state: async () => {
      const { signed_in: signedIn, reason } = await ask('state');
      return { signedIn: Boolean(signedIn), reason };
    } } : {}),
    close,
  };
};

/** @param {import('node:child_process').ChildProcess} child */
function kill(child) {
  try {
    process.kill(-(/** @type {number} */ (child.pid)), 'SIGKILL');
  } catch {
    child.kill('SIGKILL'); // no groups here, or it has just ended
  }
}

/** @param {string} line @returns {any} */
function parse(line) {
  try {
    return JSON.parse(line);
  } catch {
    return null; // whatever else a program prints
  }
}
