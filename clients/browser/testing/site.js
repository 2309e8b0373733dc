/** A page's origin with the modules and a small authority: just what adapters need, and everything countable. */
import { EventEmitter } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MODULES = fileURLToPath(new URL('../../node_modules/', import.meta.url));
const TYPES = { js: 'text/javascript', mjs: 'text/javascript', html: 'text/html; charset=utf-8', css: 'text/css' };

/** Whatever runs longer than this has hung. */
export const BOUND_MS = 20_000;

/** Tokens of one epoch are good or bad together. @param {{ epoch: number, serial: number, skew: number }} site @returns {string} */
const tokenOf = ({ epoch, serial, skew }) => `e30.${Buffer.from(JSON.stringify({ sub: 'u1', iat: Math.floor((Date.now() + skew) / 1000), epoch, serial })).toString('base64url')}.sig`;

/** @param {string | undefined} header @returns {number} */
const epochOf = (header) => (header?.startsWith('Bearer e30.') ? JSON.parse(Buffer.from(header.split('.')[1], 'base64url').toString()).epoch : -1);

/** @param {string} code @param {number} status */
const problem = (code, status, more = {}) => ({ type: `urn:symbolon:${code}`, title: code, status, code, ...more });

/** Answers once `n` requests of a path have come, so that they are in flight together. */
class Gate {
  #waiting = new Map();
  async pass(key, n) {
    const waiting = this.#waiting.get(key) ?? this.#waiting.set(key, []).get(key);
    await new Promise((go) => {
      waiting.push(go);
      if (waiting.length >= n) for (const each of waiting.splice(0)) each();
    });
  }
}

/**
 * State is public and is set by tests: `epoch` (whose tokens are good), `ttl`, `skew` (ms by which its clock is ahead), `devices`, `failing`, `held`.
 * @param {{ pages?: Record<string, string>, scripts?: Record<string, string>, csp?: string }} [options]
 */
export async function startSite({ pages = {}, scripts = {}, csp } = {}) {
  const gate = new Gate();
  const arrivals = new EventEmitter();
  const site = {
    url: '', epoch: 1, serial: 0, ttl: 600, skew: 0, ended: '', log: /** @type {any[]} */ ([]), devices: /** @type {any[]} */ ([]), failing: new Map(), held: new Map(),
    csp, pages, scripts,
    /** The token in the page's hands is good no longer. */
    expire() { site.epoch += 1; },
    count: (method, path) => site.log.filter((each) => each.method === method && each.path === path).length,
    reset() { Object.assign(site, { ttl: 600, skew: 0, ended: '', log: [], devices: [], csp }); site.failing.clear(); site.held.clear(); },
    /** Until a path was asked for so often. */
    async reached(path, times) {
      for (const end = Date.now() + BOUND_MS; site.log.filter((each) => each.path === path).length < times;) {
        if (Date.now() > end) throw new Error(`${path} was not asked for ${times} times`);
        await new Promise((go) => arrivals.once('request', go));
      }
    },
    close: () => new Promise((done) => { server.closeAllConnections(); server.close(done); }),
  };

  const server = createServer(async (request, response) => {
    const { pathname: path, searchParams: query } = new URL(request.url, site.url);
    const { method, headers } = request;
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    if (/^\/(auth|api)/.test(path)) site.log.push({ method, path, body, headers, authorization: headers.authorization });
    arrivals.emit('request');

    const send = (status, value, more = {}) => {
      response.writeHead(status, { 'content-type': status >= 400 ? 'application/problem+json' : 'application/json', 'cache-control': 'no-store', ...cors, ...more });
      response.end(value === undefined ? '' : JSON.stringify(value));
    };
    const cors = headers.origin && headers.origin !== site.url
      ? { 'access-control-allow-origin': headers.origin, 'access-control-allow-credentials': 'true', 'access-control-allow-headers': headers['access-control-request-headers'] ?? '', 'access-control-allow-methods': '*', 'access-control-expose-headers': 'WWW-Authenticate' } : {};
    const tokens = () => (site.serial += 1, { access_token: tokenOf(site), token_type: 'Bearer', expires_in: site.ttl, refresh_expires_in: 1e6, session_expires_in: 2e6, session_id: 's1', generation: site.serial, server_time: Date.now() + site.skew });
    const unauthorized = () => send(401, problem('token_expired', 401), { 'www-authenticate': 'Bearer error="invalid_token"' });

    if (method === 'OPTIONS') return send(204);
    if (site.failing.has(path)) { const [status, value, more] = site.failing.get(path); return send(status, value, more); }
    // A promise is waited for; a number lets so many pass and holds the rest for ever.
    const hold = site.held.get(path);
    await (typeof hold === 'number' && site.log.filter((each) => each.path === path).length > hold ? new Promise(() => {}) : hold);

    if (path === '/auth/login') return send(200, tokens(), { 'set-cookie': 'symbolon-rt=srt_1; Path=/; HttpOnly; SameSite=Strict' });
    if (path === '/auth/refresh') return site.ended ? send(401, problem('session_ended', 401, { reason: site.ended })) : send(200, tokens());
    if (path === '/auth/logout') return send(204);

    if (/^\/(api|auth)\//.test(path)) {
      if (path === '/api/away') { response.writeHead(307, { location: query.get('to'), ...cors }).end(); return; }
      if (path === '/api/foreign-401') return send(401, { error: 'not ours' });
      if (path === '/api/never') return;
      if (path === '/api/public') return send(200, { news: 1 });
      const good = epochOf(headers.authorization) === site.epoch;
      // Those with ?together=n are answered in one go: none can profit from another's refresh before it is sent.
      if (query.has('together') && !good) await gate.pass(path, Number(query.get('together')));
      if (path === '/api/slow-401' && !good) { response.writeHead(401, { 'content-type': 'application/problem+json', ...cors }); response.write('{"type":'); return; }
      if (path === '/api/headers') return send(200, headers);
      if (!good) return unauthorized();
      if (path === '/api/text') { response.writeHead(200, { 'content-type': 'text/plain', ...cors }).end('plain words'); return; }
      if (path === '/auth/sessions' && method === 'GET') return send(200, { items: site.devices, next: null });
      if (path === '/auth/sessions' && method === 'DELETE') { const before = site.devices.length; site.devices = site.devices.filter(({ current }) => current); return send(200, { ended: before - site.devices.length }); }
      if (path.startsWith('/auth/sessions/')) {
        const id = path.split('/').pop();
        if (method === 'DELETE') { site.devices = site.devices.filter(({ session_id }) => session_id !== id); return send(204); }
        const device = site.devices.find(({ session_id }) => session_id === id);
        device.device.name = JSON.parse(body).name;
        return send(200, device);
      }
      return send(200, { method, path, body, type: headers['content-type'] ?? null });
    }

    const file = path.startsWith('/symbolon/') ? ROOT + path.slice(10) : path.startsWith('/npm/') ? MODULES + path.slice(5) : null;
    const text = path in site.pages ? site.pages[path] : path in site.scripts ? site.scripts[path] : path === '/' ? '<!doctype html><html lang="en"><title>t</title><body></body></html>'
      : file && !path.includes('..') ? await readFile(file).catch(() => null) : null;
    if (text === null) return send(404, problem('not_found', 404));
    const type = path in site.scripts ? path.split('.').pop() : path in site.pages || path === '/' ? 'html' : path.split('.').pop();
    response.writeHead(200, { 'content-type': TYPES[type] ?? 'application/octet-stream', ...(site.csp && type === 'html' ? { 'content-security-policy': site.csp } : {}) });
    response.end(text);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', () => done(undefined)));
  site.url = `http://127.0.0.1:${/** @type {any} */ (server.address()).port}`;
  return site;
}
