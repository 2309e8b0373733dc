import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Authority } from '../../verify/testing/authority.js';
import { sessionFromCookies } from '../server.js';

/** Two public clients; one has the default's place with no overlap at all, since ten minutes cannot be waited for. */
const CLIENTS = {
  Symbolon__Refresh__Settle: '00:00:00',
  Symbolon__Clients__1__Id: 'brief', Symbolon__Clients__1__Overlap: '00:00:00',
  Symbolon__Clients__2__Id: 'rendered', Symbolon__Clients__2__Overlap: 'UntilUsed',
};

let authority, url;

before(async () => {
  authority = await Authority.start(CLIENTS);
  url = `${authority.url}/auth`;
});
after(() => authority?.kill());

const cookieOf = (response) => response.headers.getSetCookie()[0].split(';')[0];

/** What a browser has after it logged in. */
async function logIn(client) {
  const response = await fetch(`${url}/register`, {
    method: 'POST', headers: { 'content-type': 'application/json', 'x-symbolon': '1' },
    body: JSON.stringify({ username: `${client}-${process.hrtime.bigint()}`, password: 'three unrelated words', client_id: client, transport: 'cookie' }),
  });
  assert.equal(response.status, 201);
  return cookieOf(response);
}

/** What the client in the page does. */
const refresh = (cookie) => fetch(`${url}/refresh`, { method: 'POST', headers: { cookie, 'x-symbolon': '1', 'symbolon-attempt': 'B'.repeat(22) } });

test('a server that stores nothing renders again and again, and the browser goes on, with UntilUsed', async () => {
  const cookie = await logIn('rendered');
  for (let page = 0; page < 6; page++) {
    const { state, session, accessToken } = await sessionFromCookies({ cookie, url });
    assert.equal(state.status, 'active');
    assert.match(session.sub, /./);
    assert.equal((await fetch(`${url}/session`, { headers: { authorization: `Bearer ${accessToken}` } })).status, 200);
  }
  const first = await refresh(cookie);
  assert.equal(first.status, 200);
  const newer = cookieOf(first);
  assert.equal((await sessionFromCookies({ cookie: newer, url })).state.status, 'active');
  assert.equal((await refresh(newer)).status, 200);
});

test('without an overlap, what was rendered once ends the session', async () => {
  const cookie = await logIn('brief');
  assert.equal((await sessionFromCookies({ cookie, url })).state.status, 'active');
  const { state, setCookie } = await sessionFromCookies({ cookie, url });
  assert.deepEqual(state, { status: 'anonymous', reason: 'refresh_reuse' });
  assert.match(setCookie[0], /^symbolon-rt=;/);
});

test('without an overlap, a server that stores the answer goes on', async () => {
  let cookie = await logIn('brief');
  for (let page = 0; page < 4; page++) {
    const { state, setCookie } = await sessionFromCookies({ cookie, url });
    assert.equal(state.status, 'active');
    assert.match(setCookie[0], /httponly/i);
    cookie = setCookie[0].split(';')[0];
  }
});
