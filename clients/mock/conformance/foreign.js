/** Somebody else's server, which counts the tokens that it is sent. */

import { createServer } from 'node:http';

export async function foreignServer() {
  let tokens = 0;
  /** @type {string | null} */
  let target = null;
  const server = createServer((request, response) => {
    const allowed = { 'access-control-allow-origin': request.headers.origin ?? '*', 'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '*', 'access-control-allow-credentials': 'true' };
    if (request.headers.authorization) tokens++;
    if (request.method === 'OPTIONS') response.writeHead(204, allowed).end();
    else if (target) response.writeHead(302, { ...allowed, location: target }).end();
    else response.writeHead(200, { ...allowed, 'content-type': 'application/json' }).end('{}');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    get tokens() {
      return tokens;
    },
    /** @param {string} url */
    redirectTo: (url) => void (target = url),
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
