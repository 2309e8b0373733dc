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

const ANSWERS_WITHIN = 30_000;

/**
 * @param {string} command  run by the shell
 * @returns {(options: { url: string, now: () => number }) => Promise<import('./judge.js').Client>}
 */
export const commandClient = (command) => async ({ url, now }) => {
  const child = spawn(command, { shell: true, stdio: ['pipe', 'pipe', 'inherit'] });
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
    const timer = setTimeout(() => done({ error: `No answer to ${what} within ${ANSWERS_WITHIN / 1000} s.` }), ANSWERS_WITHIN);
    const done = (/** @type {any} */ answer) => {
      clearTimeout(timer);
      waiting.delete(id);
      if (answer.error === undefined) resolve(answer);
      else reject(new Error(String(answer.error)));
    };
    waiting.set(id, done);
    if (child.exitCode === null) child.stdin.write(`${JSON.stringify({ id, do: what, ...more, now: now() })}\n`);
    else done({ error: 'The command has ended.' });
  });

  const { uses_now: usesNow = false, offers = [] } = await ask('create', { url });
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
    async close() {
      child.stdin.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
      await ended;
      clearTimeout(timer);
    },
  };
};

/** @param {string} line @returns {any} */
function parse(line) {
  try {
    return JSON.parse(line);
  } catch {
    return null; // whatever else a program prints
  }
}
