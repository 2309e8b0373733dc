/** An issuer as the tests want it: keys and tokens made with jose, and a feed whose every answer is written by the test. */

import { createServer } from 'node:http';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';

export const CLIENT = { clientId: 'verifier', clientSecret: 'secret' };

/**
 * @typedef {{ seq: number, kind: string, [member: string]: unknown }} Entry
 * @typedef {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse, body: string) => void | Promise<void>} Answer
 */

export class Issuer {
  timeline = 't1';
  /** @type {Entry[]} */
  log = [];
  /** The oldest number kept. */
  kept = 0;
  maxTokenAge = 3600;
  /** @type {any[]} */
  acks = [];
  /** Requests by path. @type {Record<string, number>} */
  asked = {};
  /** What answers instead, by path. @type {Record<string, Answer>} */
  instead = {};
  /** Seconds since 1970, for tokens. */
  now = () => Math.floor(Date.now() / 1000);
  /** Whether the stream brings entries. */
  streams = true;
  /** @type {Set<import('node:http').ServerResponse>} */
  #readers = new Set();
  /** @type {Map<string, { alg: string, jwk: any, key: any }>} */
  keys = new Map();
  #server = createServer((request, response) => void this.#answer(request, response));
  #beat = setInterval(() => this.tell(`event: heartbeat\ndata: ${JSON.stringify({ timeline: this.timeline, seq: this.seq, now: new Date().toISOString() })}\n\n`), 200);

  static async start() {
    const issuer = new Issuer();
    await new Promise((resolve) => issuer.#server.listen(0, '127.0.0.1', () => resolve(null)));
    const { port } = /** @type {import('node:net').AddressInfo} */ (issuer.#server.address());
    issuer.url = `http://127.0.0.1:${port}`;
    await issuer.addKey('k1', 'ES256');
    return issuer;
  }

  url = '';

  get seq() {
    return this.log.at(-1)?.seq ?? this.kept;
  }

  /** @param {string} kid @param {string} alg */
  async addKey(kid, alg) {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    this.keys.set(kid, { alg, key: privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } });
  }

  /** A token; members that are undefined are left out. @param {Record<string, unknown>} [claims] @param {Record<string, unknown>} [header] @param {any} [key] */
  async token(claims = {}, header = {}, key) {
    const now = this.now();
    const all = { iss: this.url, sub: 'ann', aud: 'api', exp: now + 600, iat: now, jti: `j-${Math.random()}`, client_id: 'web', sid: 's1', er: 1, ep: 1, cv: 1, ...claims };
    const defined = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
    const { alg = 'ES256', kid = 'k1', typ = 'at+jwt', ...more } = header;
    return new SignJWT(defined).setProtectedHeader(JSON.parse(JSON.stringify({ alg, kid, typ, ...more }))).sign(key ?? this.keys.get(/** @type {string} */ (kid))?.key);
  }

  /** Adds an entry to the log, and tells the readers. @param {Record<string, unknown>} entry */
  revoke(entry) {
    const logged = { seq: this.seq + 1, at: new Date().toISOString(), until: new Date(Date.now() + 3_660_000).toISOString(), ...entry };
    this.log.push(/** @type {any} */ (logged));
    if (this.streams) this.tell(`event: entry\nid: ${logged.seq}\ndata: ${JSON.stringify(logged)}\n\n`);
  }

  /** Says something to all who follow. @param {string} text */
  tell(text) {
    this.#readers.forEach((reader) => reader.write(text));
  }

  get readers() {
    return this.#readers.size;
  }

  /** Cuts all streams. */
  cut() {
    this.#readers.forEach((reader) => reader.destroy());
  }

  page(/** @type {number | null} */ since) {
    const entries = this.log.filter(({ seq }) => seq > (since ?? this.kept));
    return { timeline: this.timeline, ...(since === null ? {} : { since }), seq: this.seq, newest: this.seq, now: new Date().toISOString(), max_token_age: this.maxTokenAge, entries };
  }

  stop() {
    clearInterval(this.#beat);
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
  async #answer(request, response) {
    const url = new URL(request.url ?? '', this.url);
    this.asked[url.pathname] = (this.asked[url.pathname] ?? 0) + 1;
    let body = '';
    for await (const chunk of request) body += chunk;
    const instead = this.instead[url.pathname];
    if (instead) return instead(request, response, body);
    const json = (/** @type {unknown} */ value, status = 200) => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    switch (url.pathname) {
      case '/.well-known/openid-configuration': return json({ issuer: this.url, jwks_uri: `${this.url}/jwks` });
      case '/jwks': return json({ keys: [...this.keys.values()].map(({ jwk }) => jwk) });
      case '/oauth/token': return json({ access_token: 'feed-token', token_type: 'Bearer', expires_in: 600 });
      case '/oauth/introspect': return json({ active: true });
      case '/revocations': {
        const since = url.searchParams.get('since');
        return since !== null && (+since < this.kept || +since > this.seq) ? json({}, 410) : json(this.page(since === null ? null : +since));
      }
      case '/revocations/ack':
        this.acks.push(JSON.parse(body));
        return json({ timeline: this.timeline, seq: this.seq });
      case '/revocations/stream': {
        const after = Number(request.headers['last-event-id']);
        if (url.searchParams.get('timeline') !== this.timeline || after > this.seq || after < this.kept) return json({}, 410);
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(`event: hello\ndata: ${JSON.stringify({ timeline: this.timeline, seq: after })}\n\n`);
        if (this.streams) this.log.filter(({ seq }) => seq > after).forEach((entry) => response.write(`event: entry\nid: ${entry.seq}\ndata: ${JSON.stringify(entry)}\n\n`));
        this.#readers.add(response);
        return void response.once('close', () => this.#readers.delete(response));
      }
      default: return json({}, 404);
    }
  }
}
