// Stands in for `symbolon mock` where a test is about starting and ending: a node:http server that keeps the arguments it was given.
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [how, ...args] = process.argv.slice(2);
if (how === 'refuse') {
  console.error('accounts.json:3: a password is expected');
  process.exitCode = 2;
} else if (how === 'silent') {
  setInterval(() => {}, 60_000);
} else if (how === 'taken' && !existsSync(args[0])) {
  writeFileSync(args[0], '');
  console.error('symbolon: Failed to bind to address http://127.0.0.1:1: address already in use. Choose another address with --urls.');
  process.exitCode = 1;
} else {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(request.url === '/__mock/state' ? JSON.stringify({ args, pid: process.pid }) : '{"now":"2030-01-01T00:00:00Z","offset_ms":0}');
  });
  server.listen(0, '127.0.0.1', () => {
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    console.log(`Symbolon mock listening on http://localhost:${port}`);
  });
  process.stdin.on('end', () => process.exit()).resume();
}
