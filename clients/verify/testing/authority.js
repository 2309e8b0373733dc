/** The real server in a process of its own: Development, storage in memory, a free loopback port. */

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { patiently } from './patiently.js';

export const CLIENT = { clientId: 'verifier', clientSecret: 'only the tests know this one' };
const ADMIN = { username: 'admin', password: 'the administrator of the tests' };
const JSON_TYPE = { 'content-type': 'application/json' };

export class Authority {
  #process;
  #users = 0;

  /** @param {string} url @param {import('node:child_process').ChildProcess} process */
  constructor(url, process) {
    this.url = url;
    this.#process = process;
  }

  /** @param {Record<string, string>} [settings] more of its environment */
  static async start(settings = {}) {
    const url = `http://127.0.0.1:${await freePort()}`;
    const env = {
      ...process.env, ASPNETCORE_ENVIRONMENT: 'Development', ASPNETCORE_URLS: url, Symbolon__Storage__Provider: 'memory',
      Symbolon__Admin__UserName: ADMIN.username, Symbolon__Admin__Password: ADMIN.password, Symbolon__Accounts__RegistrationsPerMinute: '100000',
      Symbolon__MasterKeys__0__Id: '1', Symbolon__MasterKeys__0__Value: randomBytes(32).toString('base64'),
      Symbolon__Clients__0__Id: CLIENT.clientId, Symbolon__Clients__0__Secret: CLIENT.clientSecret, Symbolon__Clients__0__Scopes__0: 'revocations', ...settings,
    };
    const child = spawn('dotnet', [newestBuild()], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const read = (/** @type {Buffer} */ chunk) => void (output += chunk);
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    const authority = new Authority(url, child);
    try {
      await patiently(() => {
        if (child.exitCode !== null) throw new Error(`The server ended instead of starting.\n${output}`);
        return output.includes('Application started');
      }, 'the server starts');
    } catch (error) {
      await authority.kill();
      throw error;
    }

    return authority;
  }

  /** SIGKILL. */
  async kill() {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGKILL');
    await ended;
  }

  /** A new account and its session. @returns {Promise<{ access_token: string, refresh_token: string, session_id: string }>} */
  register() {
    return this.post('/auth/register', { username: `user-${++this.#users}`, password: 'three unrelated words' });
  }

  /** @returns {Promise<string>} */
  async admin() {
    return (await this.post('/auth/login', ADMIN)).access_token;
  }

  /** @param {string} path @param {unknown} [body] @param {string} [token] */
  post(path, body, token) {
    return this.call('POST', path, body, token);
  }

  /** @param {string} method @param {string} path @param {unknown} [body] @param {string} [token] @returns {Promise<any>} */
  async call(method, path, body, token) {
    const headers = { ...(body === undefined ? {} : JSON_TYPE), ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
    const response = await fetch(`${this.url}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  }
}

/** ./test.sh builds Release, developers Debug: what was built last. */
function newestBuild() {
  const builds = ['Debug', 'Release'].flatMap((name) => {
    const path = fileURLToPath(new URL(`../../../src/Symbolon.Server/bin/${name}/net10.0/symbolon.dll`, import.meta.url));
    const built = statSync(path, { throwIfNoEntry: false });
    return built ? [{ path, at: built.mtimeMs }] : [];
  });
  if (builds.length === 0) throw new Error('Build the server first: dotnet build src/Symbolon.Server');
  return builds.sort((a, b) => b.at - a.at)[0].path;
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve) => {
    const listener = createServer().listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (listener.address());
      listener.close(() => resolve(port));
    });
  });
}
