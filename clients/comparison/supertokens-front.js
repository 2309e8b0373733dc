/**
 * Stands in front of the mock and speaks what supertokens-website expects of its back end, by cookies, its default:
 * POST /st/signin, /st/session/refresh, /st/signout; all else is passed on with the access token of the cookie. The mock's engine decides everything.
 */

import { createServer, request as ask } from 'node:http';

const FRONT = 'front-token';

/** @param {string} target  the mock */
export async function supertokensFront(target) {
  const server = createServer(async (request, response) => {
    try {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      await answer(target, request, Buffer.concat(chunks), response);
    } catch {
      response.destroy(); // the mock cut the line: so do we
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)));
  return {
    url: `http://localhost:${server.address().port}`,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function answer(target, request, body, response) {
  const cookies = Object.fromEntries((request.headers.cookie ?? '').split(/; */).map((pair) => pair.split('=', 2)));
  const { sAccessToken: access, sRefreshToken: refresh } = cookies;
  const json = { 'content-type': 'application/json' };
  switch (request.url) {
    case '/st/signin': {
      const answered = await send(target, 'POST', '/auth/login', json, body);
      return reply(response, answered, answered.status === 200 ? begun(answered) : {});
    }
    case '/st/session/refresh': {
      const answered = await send(target, 'POST', '/auth/refresh', json, JSON.stringify({ refresh_token: refresh }));
      const isOver = answered.status === 401 && /"urn:symbolon:/.test(String(answered.body));
      const hasTokens = answered.status === 200 && /"access_token"/.test(String(answered.body));
      return reply(response, answered, hasTokens ? begun(answered) : isOver ? ended() : {});
    }
    case '/st/signout': {
      const answered = await send(target, 'POST', '/auth/logout', json, JSON.stringify({ refresh_token: refresh }));
      return reply(response, { ...answered, status: 200, headers: json, body: '{"status":"OK"}' }, ended());
    }
    default: {
      const { authorization, accept } = request.headers;
      const bearer = authorization ?? (access ? `Bearer ${access}` : undefined);
      return reply(response, await send(target, request.method, request.url, { ...(accept ? { accept } : {}), ...(bearer ? { authorization: bearer } : {}) }, body), {});
    }
  }
}

function send(target, method, path, headers, body) {
  return new Promise((resolve, reject) => {
    const asking = ask(new URL(path, target), { method, headers: { ...headers, 'content-length': Buffer.byteLength(body) } }, async (answered) => {
      try {
        const chunks = [];
        for await (const chunk of answered) chunks.push(chunk);
        resolve({ status: answered.statusCode, headers: answered.headers, body: Buffer.concat(chunks) });
      } catch (error) {
        reject(error);
      }
    });
    asking.once('error', reject);
    asking.end(body);
  });
}

function reply(response, { status, headers, body }, more) {
  const { 'content-type': type = 'text/plain', 'retry-after': retryAfter } = headers;
  response.writeHead(status, { 'content-type': type, ...(retryAfter ? { 'retry-after': retryAfter } : {}), ...more });
  response.end(body);
}

function begun({ body }) {
  const { access_token: access, refresh_token: refresh, session_id: uid, expires_in: life } = JSON.parse(String(body));
  const front = Buffer.from(JSON.stringify({ uid, ate: Date.now() + life * 1000, up: {} })).toString('base64');
  return { 'set-cookie': [`sAccessToken=${access}; Path=/; HttpOnly; SameSite=Lax`, `sRefreshToken=${refresh}; Path=/st; HttpOnly; SameSite=Lax`], [FRONT]: front };
}

const ended = () => ({ 'set-cookie': ['sAccessToken=; Path=/; Max-Age=0', 'sRefreshToken=; Path=/st; Max-Age=0'], [FRONT]: 'remove' });
