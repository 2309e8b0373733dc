import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import { symbolonNext } from '../next.js';
import { hasSessionCookie, sessionFromCookies } from '../server.js';

const COOKIE = 'theme=dark; symbolon-rt=srt_abc; analytics=1';
const SET = 'symbolon-rt=srt_def; max-age=1209600; path=/; samesite=strict; httponly';
const TOKENS = { access_token: `e30.${Buffer.from('{"sub":"u1"}').toString('base64url')}.sig`, expires_in: 600, refresh_expires_in: 10, session_expires_in: 20, session_id: 's1', generation: 3 };

let server, url, seen, answer;
const problem = (code, more = {}) => ({ type: `urn:symbolon:${code}`, title: code, code, ...more });

before(async () => {
  server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    seen.push({ method: request.method, path: request.url, headers: request.headers, body: Buffer.concat(chunks).toString() });
    if (answer.cut) return request.socket.destroy();
    if (answer.silent) return;
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', () => done()));
  url = `http://127.0.0.1:${server.address().port}/auth`;
});
after(() => { server.closeAllConnections(); server.close(); });
beforeEach(() => {
  seen = [];
  answer = { status: 200, body: TOKENS, headers: { 'set-cookie': [SET, 'balancer=7; Path=/'] } };
});

test('sessionFromCookies_AsksNobody_WhenThereIsNoCookieOfOurs', async () => {
  for (const cookie of [null, undefined, '', 'theme=dark', 'symbolon-rt=', 'symbolon-rt=somebody else\'s', 'xsymbolon-rt=srt_abc', `symbolon-rt=srt_${'a'.repeat(600)}`, `a=${'b'.repeat(20_000)}; ${COOKIE}`]) {
    assert.deepEqual(await sessionFromCookies({ cookie, url }), { state: { status: 'anonymous' }, session: null, accessToken: null, setCookie: [] }, String(cookie).slice(0, 40));
  }
  assert.equal(seen.length, 0);
});

test('sessionFromCookies_GivesSessionAndToken_WhenTheAuthorityRefreshes', async () => {
  const given = await sessionFromCookies({ cookie: COOKIE, url: `${url}/` });
  assert.equal(given.state.status, 'active');
  assert.equal(given.session.sid, 's1');
  assert.equal(given.session.sub, 'u1');
  assert.equal(given.accessToken, TOKENS.access_token);
  assert.deepEqual(given.setCookie, [SET]);
  assert.ok(!JSON.stringify(given.state).includes(TOKENS.access_token), 'the state is rendered into the page');
});

test('sessionFromCookies_SendsItsCookieAlone_WithAttemptAndCrossSiteHeader', async () => {
  await sessionFromCookies({ cookie: COOKIE, url, attempt: 'A'.repeat(22), origin: 'https://app.example:8443', headers: { 'x-forwarded-for': '203.0.113.4' } });
  const [{ method, path, headers, body }] = seen;
  assert.equal(`${method} ${path} ${body}`, 'POST /auth/refresh {}');
  assert.equal(headers.cookie, 'symbolon-rt=srt_abc');
  assert.equal(headers['symbolon-attempt'], 'A'.repeat(22));
  assert.equal(headers['x-symbolon'], '1');
  assert.equal(headers.origin, undefined);
  assert.equal(headers['sec-fetch-site'], undefined);
  assert.equal(headers['x-forwarded-proto'], 'https');
  assert.equal(headers['x-forwarded-host'], 'app.example:8443');
  assert.equal(headers['x-forwarded-for'], '203.0.113.4');
});

test('sessionFromCookies_TakesThePrefixedCookie_WhenASiblingPlantedAnother', async () => {
  await sessionFromCookies({ cookie: 'symbolon-rt=srt_planted; __Host-symbolon-rt=srt_mine', url });
  assert.equal(seen[0].headers.cookie, '__Host-symbolon-rt=srt_mine');
});

test('sessionFromCookies_MakesAFreshAttempt_WhenNoneIsGiven', async () => {
  await sessionFromCookies({ cookie: COOKIE, url });
  await sessionFromCookies({ cookie: COOKIE, url });
  const [one, two] = seen.map(({ headers }) => headers['symbolon-attempt']);
  assert.match(one, /^[\w-]{22,128}$/);
  assert.notEqual(one, two);
  await assert.rejects(sessionFromCookies({ cookie: COOKIE, url, attempt: 'short' }), TypeError);
});

test('sessionFromCookies_IsSignedOut_OnlyForTheFourCodes', async () => {
  const cleared = 'symbolon-rt=; max-age=0; path=/';
  for (const code of ['refresh_invalid', 'session_ended', 'session_expired', 'refresh_reuse']) {
    answer = { status: 401, body: problem(code, code === 'session_ended' ? { reason: 'ended_by_admin' } : {}), headers: { 'set-cookie': cleared } };
    const given = await sessionFromCookies({ cookie: COOKIE, url });
    assert.deepEqual(given, { state: { status: 'anonymous', reason: code === 'session_ended' ? 'ended_by_admin' : code }, session: null, accessToken: null, setCookie: [cleared] });
  }
});

for (const [name, given, code] of [
  ['another tab was quicker', { status: 409, body: problem('ask_again') }, 'ask_again'],
  ['too many', { status: 429, body: '' }, 'unavailable'],
  ['an outage', { status: 503, body: problem('unavailable') }, 'unavailable'],
  ['a proxy\'s 401', { status: 401, body: '<html>' }, 'not_symbolon'],
  ['a captive portal', { status: 200, body: '<html>welcome' }, 'not_symbolon'],
  ['another service\'s tokens', { status: 200, body: { access_token: 'x' } }, 'no_session'],
  ['a redirect', { status: 307, body: '', headers: { location: 'http://127.0.0.1:1/' } }, 'not_symbolon'],
  ['a cross-site refusal', { status: 403, body: problem('cross_site_request') }, 'cross_site_request'],
  ['a cut', { cut: true }, 'network'],
  ['silence', { silent: true }, 'timeout'],
]) {
  test(`sessionFromCookies_KeepsTheSession_When ${name}`, async () => {
    answer = { headers: { 'set-cookie': SET }, ...given };
    const result = await sessionFromCookies({ cookie: COOKIE, url, timeout: given.silent ? 50 : 5_000 });
    assert.equal(result.error.code, code);
    assert.deepEqual({ ...result, error: 0 }, { state: { status: 'loading' }, session: null, accessToken: null, setCookie: [], error: 0 });
  });
}

test('sessionFromCookies_Stops_WhenTheCallerGivesUp', async () => {
  answer = { silent: true };
  const result = await sessionFromCookies({ cookie: COOKIE, url, signal: AbortSignal.abort() });
  assert.equal(result.error.code, 'aborted');
});

test('hasSessionCookie_SaysWhetherOneIsThere', () => {
  assert.equal(hasSessionCookie(COOKIE), true);
  assert.equal(hasSessionCookie('__Host-symbolon-rt=srt_x'), true);
  assert.equal(hasSessionCookie('theme=dark'), false);
});

test('session_AnswersAServerComponent_AndStoresNothing', async () => {
  const { session, accessToken } = await symbolonNext({ url }).session(new Headers({ cookie: COOKIE }));
  assert.equal(session.sid, 's1');
  assert.equal(accessToken, TOKENS.access_token);
});

const request = (method, headers = {}) => new Request('https://app.example/orders', { method, headers: { cookie: COOKIE, ...headers } });

test('route_TellsTheSession_AndStoresOnlyWhenAskedTo', async () => {
  const handler = (_, { auth, params }) => Response.json({ sub: auth.session.sub, ...params }, { headers: { 'x-mine': '1' } });
  const discards = await symbolonNext({ url }).route(handler)(request('GET'), { params: { id: 7 } });
  assert.deepEqual(await discards.json(), { sub: 'u1', id: 7 });
  assert.deepEqual(discards.headers.getSetCookie(), []);

  const stores = await symbolonNext({ url, store: true }).route(handler)(request('GET'), {});
  assert.deepEqual(stores.headers.getSetCookie(), [SET]);
  assert.equal(stores.headers.get('x-mine'), '1');

  const redirects = await symbolonNext({ url, store: true }).route(() => Response.redirect('https://app.example/'))(request('GET'), {});
  assert.equal(redirects.status, 302);
  assert.deepEqual(redirects.headers.getSetCookie(), [SET]);
});

test('route_IsForOneUser_UnlessTheHandlerSaysOtherwise', async () => {
  const cacheOf = async (options, headers) => (await symbolonNext({ url, ...options }).route(() => new Response(null, { headers }))(request('GET'), {})).headers.get('cache-control');
  assert.equal(await cacheOf({}, {}), 'private, no-store');
  assert.equal(await cacheOf({}, { 'cache-control': 'max-age=60' }), 'max-age=60');
  assert.equal(await cacheOf({ store: true }, { 'cache-control': 'max-age=60' }), 'private, no-store');
});

test('route_RefusesAnotherSite_BeforeTheCookieIsUsed', async () => {
  let called = 0;
  const route = symbolonNext({ url }).route(() => { called += 1; return new Response(); });
  const status = async (method, headers) => (await route(request(method, headers), {})).status;
  assert.equal(await status('POST', { origin: 'https://evil.example' }), 403);
  assert.equal(await status('POST', { origin: 'null' }), 403);
  assert.equal(await status('DELETE', { 'sec-fetch-site': 'same-site' }), 403);
  assert.equal(await status('POST', {}), 403);
  assert.equal(seen.length + called, 0);
  assert.equal(await status('POST', { origin: 'https://app.example' }), 200);
  assert.equal(await status('POST', { 'sec-fetch-site': 'same-origin' }), 200);
  assert.equal(await status('POST', { 'x-symbolon': '1' }), 200);
  assert.equal(await status('GET', { 'sec-fetch-site': 'cross-site' }), 200);
});

const gate = symbolonNext({ url: 'http://127.0.0.1/auth', origin: 'https://public.example' }).gate('/sign-in');
const visit = (path, headers = {}, method = 'GET') => gate(new Request(`https://in.example${path}`, { method, headers: { accept: 'text/html,*/*;q=0.8', ...headers } }));

test('gate_SendsThoseWithoutACookie_ToTheSignInPage', () => {
  assert.equal(visit('/a', { cookie: COOKIE }), undefined);
  const sent = visit('/a?b=1');
  assert.equal(sent.status, 303);
  assert.equal(sent.headers.get('location'), 'https://public.example/sign-in?from=%2Fa%3Fb%3D1');
  assert.equal(visit('/a', { 'sec-fetch-dest': 'document', accept: '*/*' }, 'HEAD').status, 303);
  assert.equal(new URL(visit('//evil.example/x').headers.get('location')).searchParams.get('from'), '/evil.example/x');
});

test('gate_LetsTheSignInPagePass_WithATrailingSlashOrWithout', () => {
  assert.equal(visit('/sign-in?from=%2Fa'), undefined);
  assert.equal(visit('/sign-in/'), undefined);
  assert.equal(visit('/sign-in/else').status, 303);
  const root = symbolonNext({ url: 'http://127.0.0.1/auth' }).gate('/');
  assert.equal(root(new Request('https://in.example/', { headers: { accept: 'text/html' } })), undefined);
});

test('gate_LetsPass_WhatIsNoVisitOfAPage', () => {
  for (const destination of ['script', 'style', 'image', 'font', 'manifest', 'empty']) assert.equal(visit('/_next/static/a.js', { 'sec-fetch-dest': destination }), undefined, destination);
  assert.equal(visit('/symbolon/client.js', { accept: '*/*' }), undefined);
  assert.equal(visit('/auth/login', {}, 'POST'), undefined);
  assert.equal(visit('/auth/login', { 'sec-fetch-dest': 'document' }, 'POST'), undefined);
});
