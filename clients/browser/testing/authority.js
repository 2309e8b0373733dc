/** A small authority on loopback: single-use refresh tokens in a cookie or a body, an API, and everything countable. */
import { createServer } from 'node:http';

const problem = (code, status, more = {}) => ({ status, body: { type: `urn:symbolon:${code}`, title: code, status, code, ...more }, type: 'application/problem+json' });

export async function startAuthority() {
  const authority = {
    url: '',
    /** Each `METHOD /path`, as it came. */
    log: /** @type {string[]} */ ([]),
    generation: 0, sid: 0, ended: '', ttl: 600, epoch: 1, skew: 0, last: '', attempts: /** @type {string[]} */ ([]),
    /** The next answers by path, instead of what the server would say. */
    next: new Map(),
    /** How long an answer takes, by path. */
    delay: new Map(),
    count: (line) => authority.log.filter((each) => each === line).length,
    close: () => new Promise((done) => { server.closeAllConnections(); server.close(done); }),
  };
  const tokenOf = () => `e30.${Buffer.from(JSON.stringify({ sub: 'u1', cv: authority.epoch, n: authority.log.length })).toString('base64url')}.sig`;
  const tokens = () => ({
    access_token: tokenOf(), expires_in: authority.ttl, refresh_expires_in: 9_000, session_expires_in: 90_000,
    session_id: `s${authority.sid}`, generation: authority.generation, server_time: Date.now() + authority.skew,
  });
  const issue = (inBody) => {
    authority.generation++;
    const value = `s${authority.sid}.${authority.generation}`;
    return { status: 200, body: { ...tokens(), ...(inBody && { refresh_token: value }) }, cookie: inBody ? undefined : `rt=${value}; Path=/; HttpOnly` };
  };
  const isGood = (header) => {
    if (!header?.startsWith('Bearer e30.')) return false;
    return JSON.parse(Buffer.from(header.split('.')[1], 'base64url').toString()).cv === authority.epoch;
  };

  const routes = {
    'POST /auth/login': (body) => {
      if (body.password !== 'right') return problem('invalid_credentials', 401);
      Object.assign(authority, { sid: authority.sid + 1, generation: 0, ended: '' });
      return issue(body.transport !== 'cookie');
    },
    'POST /auth/refresh': (body, request) => {
      const token = body.refresh_token ?? /rt=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
      if (authority.ended) return problem('session_ended', 401, { reason: authority.ended });
      if (!token?.startsWith(`s${authority.sid}.`)) return problem('refresh_invalid', 401);
      const attempt = String(request.headers['symbolon-attempt']);
      if (attempt === authority.last && token === `s${authority.sid}.${authority.generation - 1}`) authority.generation--;   // an honest retry
      authority.last = attempt;
      if (token !== `s${authority.sid}.${authority.generation}`) return problem('refresh_reuse', 401, { reason: 'refresh_reuse' });
      return issue(!!body.refresh_token);
    },
    'POST /auth/logout': () => {
      authority.ended = 'logout';
      return { status: 204, cookie: 'rt=; Path=/' };
    },
    'GET /auth/sessions': () => ({ status: 200, body: { items: [{ session_id: `s${authority.sid}`, current: true }], next: null } }),
    'DELETE /auth/sessions': () => {
      authority.ended = 'all_ended';
      return { status: 204 };
    },
  };

  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const line = `${request.method} ${pathname}`;
    authority.log.push(line);
    if (line === 'POST /auth/refresh') authority.attempts.push(String(request.headers['symbolon-attempt']));
    let text = '';
    for await (const chunk of request) text += chunk;
    const planned = authority.next.get(line)?.shift();
    const isApi = pathname.startsWith('/api/');
    const refused = isApi && !isGood(request.headers.authorization) && !authority.ended;
    // What happens, happens at once; only its answer takes its time, or is cut off.
    const answer = (planned === 'cut' ? undefined : planned) ?? routes[line]?.(text ? JSON.parse(text) : {}, request)
      ?? (!isApi ? problem('not_found', 404) : refused || authority.ended ? problem('token_expired', 401) : { status: 200, body: { path: pathname, body: text, authorization: request.headers.authorization } });
    const wait = authority.delay.get(line) ?? (refused && pathname.startsWith('/api/slow/') ? Number(pathname.slice(10)) : 0);
    if (wait) await new Promise((go) => setTimeout(go, wait));
    if (planned === 'cut') return void request.socket.destroy();
    response.writeHead(answer.status, {
      'content-type': answer.type ?? 'application/json', ...(answer.cookie && { 'set-cookie': answer.cookie }), ...(answer.headers ?? {}), connection: 'close',
    });
    response.end(answer.status === 204 ? undefined : typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', () => listening(undefined)));
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  authority.url = `http://127.0.0.1:${address.port}`;
  return { authority, problem };
}
