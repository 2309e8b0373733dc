import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findCommand } from '../command.js';
import { MockError, connectMock, startMock } from '../mock.js';

const STUB = fileURLToPath(new URL('../testing/stub.js', import.meta.url));
const stub = (/** @type {string} */ how = 'run') => [process.execPath, STUB, how];
const folder = mkdtempSync(join(tmpdir(), 'symbolon-test-'));
after(() => rmSync(folder, { recursive: true }));

/** @param {() => boolean} condition */
async function patiently(condition) {
  for (let left = 200; left > 0 && !condition(); left--) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.ok(condition());
}

const alive = (/** @type {number} */ pid) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('startMock', () => {
  test('waits for the ready line, and the address is the one it says', async () => {
    const mock = await startMock({ command: stub() });
    assert.match(mock.url, /^http:\/\/localhost:\d+$/);
    assert.equal((await mock.clock.now()).toISOString(), '2030-01-01T00:00:00.000Z');
    await mock.stop();
    await assert.rejects(mock.state(), { name: 'MockError', code: 'unreachable' });
  });

  test('passes every option on, objects as files that nobody else can read and that are gone after stop', async () => {
    const users = [{ username: 'ada', password: 'pw', roles: ['admin'] }];
    const mock = await startMock({ command: stub(), profile: 'p', users, routes: 'mine.json', data: { posts: [] }, ttl: '60s', refreshTtl: 30, latency: '50..300ms', seed: 0, faults: [{ kind: 'lost-response', path: '/auth/refresh', times: 1 }], cors: ['https://a.example'] });
    const { args, pid } = /** @type {{ args: string[], pid: number }} */ (/** @type {unknown} */ (await mock.state()));
    const valueOf = (/** @type {string} */ name) => /** @type {string} */ (args[args.indexOf(name) + 1]);

    assert.equal(args[0], 'mock');
    assert.ok(!args.includes('--bug-compatible'));
    assert.deepEqual(['--profile', '--routes', '--ttl', '--refresh-ttl', '--latency', '--seed', '--fault', '--cors', '--urls'].map(valueOf),
      ['p', 'mine.json', '60s', '30', '50..300ms', '0', 'kind=lost-response path=/auth/refresh times=1', 'https://a.example', 'http://localhost:0']);
    const file = valueOf('--users');
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), users);
    assert.equal(statSync(dirname(file)).mode & 0o777, 0o700);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(dirname(valueOf('--data')), dirname(file));

    await mock.stop();
    assert.ok(!existsSync(dirname(file)));
    assert.ok(!alive(pid));
    await mock.stop(); // twice is no harm
  });

  test('passes the bugs of a profile on, and of a fault only what is said', async () => {
    const mock = await startMock({ command: stub(), profile: 'p', bugCompatible: true, faults: [{ kind: 'reset', path: undefined, times: 2 }] });
    const { args } = /** @type {{ args: string[] }} */ (/** @type {unknown} */ (await mock.state()));
    assert.ok(args.includes('--bug-compatible'));
    assert.equal(args[args.indexOf('--fault') + 1], 'kind=reset times=2');
    await mock.stop();
  });

  test('tries again when the free port is taken by then, and not when the port was chosen', async () => {
    const mock = await startMock({ command: [...stub('taken'), join(folder, 'first')] });
    await mock.stop();
    await assert.rejects(startMock({ command: [...stub('taken'), join(folder, 'second')], port: 1 }), { name: 'MockError', code: 'died', message: /already in use/ });
  });

  test('says what the program said when it ended at once', async () => {
    await assert.rejects(startMock({ command: stub('refuse'), users: [] }), (/** @type {any} */ error) => {
      assert.ok(error instanceof MockError);
      assert.equal(error.code, 'died');
      assert.match(error.message, /accounts\.json:3: a password is expected/);
      assert.match(error.output, /a password is expected/);
      return true;
    });
  });

  test('gives up, and ends the program, when it does not answer', async () => {
    await assert.rejects(startMock({ command: stub('silent'), startTimeout: 300 }), { name: 'MockError', code: 'timeout' });
  });

  test('says that there is no such program', async () => {
    await assert.rejects(startMock({ command: join(folder, 'nothing') }), { name: 'MockError', code: 'not_found' });
  });

  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGKILL'])) {
    test(`ends with the process that started it, also by ${signal}`, async () => {
      const script = join(folder, `${signal}.mjs`);
      writeFileSync(script, `import { startMock } from ${JSON.stringify(new URL('../mock.js', import.meta.url).href)};
        const mock = await startMock({ command: ${JSON.stringify(stub())} });
        console.log((await mock.state()).pid);
        setInterval(() => {}, 60_000);`);
      const parent = spawn(process.execPath, [script]);
      const pid = Number(await new Promise((resolve) => parent.stdout.once('data', resolve)));
      assert.ok(alive(pid));
      parent.kill(signal);
      await patiently(() => !alive(pid));
    });
  }

  test('does not keep a finished process from ending', async () => {
    const script = join(folder, 'forgets.mjs');
    writeFileSync(script, `import { startMock } from ${JSON.stringify(new URL('../mock.js', import.meta.url).href)};
      await startMock({ command: ${JSON.stringify(stub())}, users: [] });`);
    await new Promise((resolve, reject) => execFile(process.execPath, [script], { timeout: 20_000 }, (error) => (error ? reject(error) : resolve(undefined))));
  });
});

describe('findCommand', () => {
  const program = join(folder, 'symbolon');
  writeFileSync(program, '#!/bin/sh\n');
  chmodSync(program, 0o700);
  const builds = ['old', 'new'].map((name, age) => {
    const file = join(folder, `${name}.dll`);
    writeFileSync(file, '');
    return { file, age };
  });

  test('is what it is told, then the environment, then the PATH, then the newest build', async () => {
    const dlls = builds.map(({ file }) => file);
    const { utimes } = await import('node:fs/promises');
    for (const { file, age } of builds) await utimes(file, age, age + 1);
    const env = { SYMBOLON_COMMAND: '/there/symbolon.dll', PATH: folder };

    assert.deepEqual(findCommand(['/a/symbolon', '-x'], env, dlls), { file: '/a/symbolon', args: ['-x'] });
    assert.deepEqual(findCommand(undefined, env, dlls), { file: 'dotnet', args: ['/there/symbolon.dll'] });
    assert.deepEqual(findCommand(undefined, { PATH: folder }, dlls), { file: program, args: [] });
    assert.deepEqual(findCommand(undefined, { PATH: '' }, dlls), { file: 'dotnet', args: [join(folder, 'new.dll')] });
    assert.throws(() => findCommand(undefined, {}, []), { name: 'MockError', code: 'not_found' });
  });
});

describe('connectMock', () => {
  test('is refused by what is not a mock', async () => {
    const { createServer } = await import('node:http');
    const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<!doctype html>')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    await assert.rejects(connectMock(`http://127.0.0.1:${port}/`), { name: 'MockError', code: 'not_a_mock', status: 200 });
    server.close();
    await assert.rejects(connectMock(`http://127.0.0.1:${port}`), { name: 'MockError', code: 'unreachable' });
  });
});
