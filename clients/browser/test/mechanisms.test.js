/** The mechanisms, each by itself. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { beforeEach, test } from 'node:test';
import { attachRule } from '../attach.js';
import { attemptFor } from '../attempt.js';
import { backoff } from '../backoff.js';
import { read, tokensIn } from '../call.js';
import { aheadOf } from '../expiry.js';
import { sessionFrom } from '../held.js';
import { parse } from '../live.js';
import { locked } from '../lock.js';
import { openArea } from '../storage.js';
import { locks, openBrowser } from '../testing/browser.js';

beforeEach(() => void openBrowser({ url: 'https://app.example/' }));
const many = (/** @type {() => number} */ make) => Array.from({ length: 500 }, make);

test('aheadOf is 60 s or a fifth of a short life, at most a quarter earlier, and never more than half a life', () => {
  for (const s of many(() => aheadOf(600, { url: '' }))) assert.ok(s >= 60 && s <= 75);
  for (const s of many(() => aheadOf(60, { url: '' }))) assert.ok(s >= 12 && s <= 15);
  for (const s of many(() => aheadOf(60, { url: '', refreshAhead: 3_600 }))) assert.equal(s, 30);
  assert.equal(aheadOf(100, { url: '', refreshAhead: (ttl) => ttl / 10, jitter: 0 }), 10);
});

test('backoff doubles up to its end, and is never shorter than the server asks', () => {
  for (const ms of many(() => backoff(1))) assert.ok(ms >= 50 && ms <= 550);
  for (const ms of many(() => backoff(30))) assert.ok(ms >= 50 && ms <= 60_050);
  for (const ms of many(() => backoff(3, { min: 10, max: 1_000, factor: 3 }))) assert.ok(ms <= 140);
  assert.equal(backoff(1, {}, 20_000), 20_000);
});

test('attachRule sends the token to the authority and where it is told, and nowhere that only begins like it', () => {
  const base = new URL('https://auth.example/auth/');
  const goes = (/** @type {any} */ attach, /** @type {string} */ url) => attachRule(attach, base)(new URL(url));
  assert.ok(goes(undefined, 'https://auth.example/api'));
  assert.ok(!goes(undefined, 'http://auth.example/api'));
  assert.ok(!goes(undefined, 'https://auth.example.evil.example/api'));
  assert.ok(goes(['https://api.example'], 'https://api.example/x') && goes(['https://api.example'], 'https://auth.example/auth/session'));
  for (const url of ['https://api.example.evil.example/', 'https://api.example@evil.example/', 'https://api.example:8443/', 'https://auth.example/other']) assert.ok(!goes(['https://api.example'], url), url);
  assert.ok(goes(['https://api.example/v1/'], 'https://api.example/v1/x') && !goes(['https://api.example/v1/'], 'https://api.example/v2/x'));
  const global = /^https:\/\/\w+\.api\.example\//g;
  for (let i = 0; i < 3; i++) assert.ok(goes([global], 'https://a.api.example/x'));
  assert.ok(goes((/** @type {URL} */ url) => url.pathname === '/me', 'https://api.example/me'));
});

test('An attempt id is one for each session and generation', () => {
  const area = openArea('local');
  const of = (/** @type {number} */ generation, sid = 's1') => attemptFor(area, 'attempt', { sid, generation, exp: 0 });
  const first = of(1);
  assert.match(first, /^[\w-]{22,128}$/);
  assert.equal(of(1), first);
  assert.notEqual(of(2), first);
  assert.notEqual(of(2, 's2'), of(2));
});

test('Storage that throws is replaced by memory', () => {
  openBrowser({ url: 'https://app.example/', storage: false });
  const area = openArea('local');
  area.write('a', { b: 1 });
  assert.deepEqual(area.read('a'), { b: 1 });
  area.write('a', null);
  assert.equal(area.read('a'), null);
});

test('read tells our problems from others\' pages', () => {
  const answer = (/** @type {number} */ status, headers = {}) => new Response(status === 204 ? null : '', { status, headers });
  assert.deepEqual(read(answer(200), '{"a":1}'), { a: 1 });
  assert.equal(read(answer(204), ''), undefined);
  assert.throws(() => read(answer(401), '{"type":"urn:symbolon:session_ended","code":"session_ended","reason":"logout","title":"Over"}'), { code: 'session_ended', message: 'Over' });
  assert.throws(() => read(answer(401), '{"code":"session_ended"}'), { code: 'not_symbolon' });
  assert.throws(() => read(answer(503, { 'retry-after': '7' }), '<html>'), { code: 'unavailable', retryAfterMs: 7_000 });
  assert.throws(() => read(answer(429, { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }), ''), { code: 'unavailable', retryAfterMs: 0 });
  assert.throws(() => tokensIn({ access_token: 'a' }), { code: 'no_session' });
});

test('Instants count from receipt, and claims are read as UTF-8', () => {
  const token = `e30.${Buffer.from('{"sub":"u1","name":"张三 é"}').toString('base64url')}.sig`;
  const session = sessionFrom({ access_token: token, expires_in: 600, refresh_expires_in: 60, session_expires_in: 90, session_id: 's', generation: 3, server_time: 0 }, 1_000, { url: '' });
  assert.deepEqual([session.expiresAt, session.idleEndsAt, session.endsAt, session.claims.name, session.sub], [601_000, 61_000, 91_000, '张三 é', 'u1']);
});

test('The lock is held by one at a time, and stolen from one who never gives it back', async (t) => {
  // The lock's patience alone does not keep Node running.
  const alive = setInterval(() => {}, 1_000);
  t.after(() => clearInterval(alive));
  const area = openArea('local');
  let inside = 0;
  const work = async () => {
    assert.equal(++inside, 1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    inside--;
    return 'done';
  };
  assert.deepEqual(await Promise.all([1, 2, 3].map(() => locked('n', 5_000, area, work))), ['done', 'done', 'done']);
  locks.request('n', {}, () => new Promise(() => {})).catch(() => {});
  assert.equal(await locked('n', 50, area, work), 'done');
  await assert.rejects(locked('n', 5_000, area, () => Promise.reject(new Error('mine'))), /mine/);
});

test('An event of a stream is read; a comment is not one', () => {
  assert.deepEqual(parse('event: ended\ndata: {"code":"session_ended","reason":"logout"}'), { kind: 'ended', data: { code: 'session_ended', reason: 'logout' } });
  assert.deepEqual([parse(': heartbeat'), parse('event: ended\ndata: {')], [{ kind: '', data: null }, { kind: '', data: null }]);
});

test('A listener that throws is reported, and the others are told', () => {
  const script = `import { openListeners } from ${JSON.stringify(new URL('../events.js', import.meta.url).href)};
    process.on('uncaughtException', ({ message }) => console.log('reported', message));
    const all = openListeners();
    all.on('a', () => { throw new Error('mine'); });
    all.on('a', (event) => console.log('told', event));
    all.note('a', 1);
    all.flush();`;
  assert.deepEqual(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }).trim().split('\n'), ['reported mine', 'told 1']);
});
