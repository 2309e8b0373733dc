import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { other, page, refreshes, site } from '../testing/adapter-page.js';

describe('installXhr', () => {
  beforeEach(() => page.evaluate(async () => {
    await script('/npm/jquery/dist/jquery.js');
    window.undo = (await load('xhr.js')).installXhr(auth);
    /** Every event of a request with the state that its listener saw. */
    window.traced = (prepare, body) => new Promise((done) => {
      const xhr = new XMLHttpRequest();
      const events = [];
      const note = ({ type }) => events.push(type === 'readystatechange' ? `state ${xhr.readyState}` : type === 'progress' ? 'progress' : `${type} ${xhr.status}`);
      for (const type of ['readystatechange', 'loadstart', 'progress', 'load', 'error', 'timeout', 'abort']) xhr.addEventListener(type, note);
      for (const type of ['loadstart', 'load', 'loadend']) xhr.upload.addEventListener(type, () => events.push(`upload ${type}`));
      xhr.onloadend = (event) => { note(event); done({ events: events.filter((each, i) => each !== events[i - 1]), text: xhr.responseType in { '': 1, text: 1 } ? xhr.responseText : xhr.response, xhr }); };
      prepare(xhr);
      xhr.send(body);
    });
    window.plain = ({ xhr, ...rest }) => rest;
  }));

  test('gives jQuery the token, refreshes once for 50 calls, and lets errors through', async () => {
    site.expire();
    const seen = await page.evaluate(async () => {
      const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => $.getJSON(`/api/orders?i=${i}`)));
      const posted = await $.ajax({ url: '/api/a', method: 'POST', contentType: 'application/json', data: '{"a":1}', headers: { 'X-Mine': '1' } });
      const failed = await $.ajax('/api/foreign-401').then(() => 0, (xhr) => ({ status: xhr.status, body: xhr.responseJSON }));
      return { paths: new Set(answers.map(({ path }) => path)).size, count: answers.length, posted, failed };
    });
    assert.deepEqual(seen, { paths: 1, count: 50, posted: { method: 'POST', path: '/api/a', body: '{"a":1}', type: 'application/json' }, failed: { status: 401, body: { error: 'not ours' } } });
    assert.equal(refreshes(), 1);
  });

  test('shows one request with a body and its events, although there were two', async () => {
    const once = await page.evaluate(async () => plain(await traced((xhr) => xhr.open('POST', '/api/a'), 'body')));
    assert.equal(refreshes(), 0);
    site.expire();
    const twice = await page.evaluate(async () => plain(await traced((xhr) => xhr.open('POST', '/api/a'), 'body')));
    assert.equal(refreshes(), 1);
    assert.deepEqual(twice, once);
    assert.deepEqual(once.events, ['state 1', 'loadstart 0', 'upload loadstart', 'upload load', 'upload loadend', 'state 2', 'state 3', 'progress', 'state 4', 'load 200', 'loadend 200']);
    assert.equal(site.count('POST', '/api/a'), 3);
  });

  test('hands over a 401 that is not ours with all its events', async () => {
    const ours = await page.evaluate(async () => plain(await traced((xhr) => xhr.open('GET', '/api/foreign-401'))));
    const native = await page.evaluate(async () => { undo(); return plain(await traced((xhr) => xhr.open('GET', '/api/foreign-401'))); });
    assert.deepEqual(ours, native);
    assert.equal(ours.text, '{"error":"not ours"}');
    assert.equal(refreshes(), 0);
  });

  test('reaches what is public also while no token can be had, and fails where a 401 would mislead', async () => {
    site.failing.set('/auth/refresh', [503, { type: 'urn:symbolon:unavailable', title: 't', status: 503, code: 'unavailable' }]);
    const seen = await page.evaluate(async () => {
      auth.state.session.expiresAt = Date.now();
      const open = (path) => traced((xhr) => xhr.open('GET', path));
      const free = await open('/api/public');
      const { events, text, xhr } = await open('/api/x');
      return { free: [free.text, free.events.at(-1)], events, text, ended: [xhr.readyState, xhr.status], state: auth.state.status, jquery: await $.ajax('/api/x').then(() => 0, (xhr) => xhr.status) };
    });
    // The session goes on, so that nobody is sent to log in.
    assert.deepEqual(seen, { free: ['{"news":1}', 'loadend 200'], events: ['state 1', 'loadstart 0', 'state 4', 'error 0', 'loadend 0'], text: '', ended: [4, 0], state: 'stale', jquery: 0 });
    assert.equal(refreshes(), 1);
    assert.deepEqual([site.count('GET', '/api/public'), site.count('GET', '/api/x')], [1, 2]);
  });

  test('hands over our 401 when the refresh fails', async () => {
    site.expire();
    site.failing.set('/auth/refresh', [503, { type: 'urn:symbolon:unavailable', title: 't', status: 503, code: 'unavailable' }]);
    const { events } = await page.evaluate(async () => plain(await traced((xhr) => xhr.open('GET', '/api/a'))));
    assert.deepEqual(events.slice(-2), ['load 401', 'loadend 401']);
  });

  for (const type of ['', 'text', 'json', 'blob', 'arraybuffer', 'document']) {
    test(`keeps the responseType "${type}", credentials, headers and the body of the moment of sending`, async () => {
      site.expire();
      const seen = await page.evaluate(async (type) => {
        const form = new FormData();
        form.append('a', 'before');
        const sent = traced((xhr) => {
          xhr.open('POST', '/api/a');
          xhr.responseType = type;
          xhr.withCredentials = true;
          xhr.setRequestHeader('X-Mine', 'one');
          xhr.setRequestHeader('X-Mine', 'two');
        }, form);
        form.set('a', 'after');
        const { xhr } = await sent;
        const { response } = xhr;
        const body = response instanceof Blob ? await response.text() : response instanceof ArrayBuffer ? new TextDecoder().decode(response) : typeof response === 'string' ? response : response && type === 'json' ? JSON.stringify(response) : '';
        return { status: xhr.status, type: xhr.responseType, credentials: xhr.withCredentials, before: type === 'document' || body.includes('before') };
      }, type);
      assert.deepEqual(seen, { status: 200, type, credentials: true, before: true });
      assert.equal(refreshes(), 1);
      const sent = site.log.filter(({ path }) => path === '/api/a');
      assert.deepEqual(sent.map(({ headers }) => headers['x-mine']), ['one, two', 'one, two']);
      assert.ok(sent.every(({ body }) => body.includes('before')));
    });
  }

  for (const how of ['abort', 'timeout']) {
    for (const when of ['the request', 'the refresh', 'the second request']) {
      test(`ends by ${how} during ${when} as the real one does`, async () => {
        if (when !== 'the request') site.expire();
        const [path, letPass] = { 'the request': ['/api/a', 0], 'the refresh': ['/auth/refresh', 0], 'the second request': ['/api/a', 1] }[when];
        site.held.set(path, letPass);
        const sent = page.evaluate((how) => traced((xhr) => {
          xhr.open('GET', '/api/a');
          window.current = xhr;
          if (how === 'timeout') xhr.timeout = 400;
        }).then(async ({ events, xhr }) => ({ events, state: (await null, xhr.readyState), status: xhr.status, text: xhr.responseText, timeout: xhr.timeout })), how);
        if (how === 'abort') {
          await site.reached(path, letPass + 1);
          await page.evaluate(() => current.abort());
        }
        const { events: all, ...end } = await sent;
        const events = all.filter((each) => !each.startsWith('upload'));
        assert.deepEqual(events.slice(-3), ['state 4', `${how} 0`, 'loadend 0']);
        assert.equal(events.filter((each) => each.startsWith('load ')).length, 0);
        assert.deepEqual(end, { state: how === 'abort' ? 0 : 4, status: 0, text: '', timeout: how === 'timeout' ? 400 : 0 });
      });
    }
  }

  for (const [when, path] of [['the token', '/auth/refresh'], ['the refresh', '/auth/refresh']]) {
    test(`sends nothing any more when it was aborted while ${when} was awaited`, async () => {
      let go;
      site.held.set(path, new Promise((resolve) => { go = resolve; }));
      site.expire();
      await page.evaluate(async (when) => {
        const { createAuth } = await load('client.js');
        undo();
        // A client that has no token yet waits for its first.
        window.waiting = when === 'the token' ? createAuth({ url: '/auth', sync: false }) : auth;
        undo = (await load('xhr.js')).installXhr(waiting);
        window.current = new XMLHttpRequest();
        current.open('GET', '/api/late');
        current.send();
      }, when);
      await site.reached(path, 1);
      await page.evaluate(() => current.abort());
      go();
      await page.evaluate(() => waiting.token());
      await page.evaluate(() => nativeFetch('/api/after'));   // what was sent before has arrived before
      assert.equal(site.count('GET', '/api/late'), when === 'the token' ? 0 : 1);
      assert.equal(await page.evaluate(() => current.readyState), 0);
    });
  }

  test('asks another origin for permission only where the page itself would', async () => {
    const preflights = await page.evaluate(async (elsewhere) => {
      const sent = (listen) => new Promise((onload) => {
        const xhr = Object.assign(new XMLHttpRequest(), { onload });
        xhr.open('POST', `${elsewhere}/api/headers`);
        if (listen) xhr.upload.onprogress = () => {};
        else void xhr.upload;
        xhr.send('simple');
      });
      await sent(false);
    }, other.url);
    assert.equal(preflights, undefined);
    assert.equal(other.count('OPTIONS', '/api/headers'), 0);
    assert.ok(other.log.every(({ authorization }) => authorization === undefined));
  });

  test('keeps the token from own Authorization headers and from redirects to other origins', async () => {
    const seen = await page.evaluate(async (elsewhere) => {
      const own = JSON.parse((await traced((xhr) => { xhr.open('GET', '/api/headers'); xhr.setRequestHeader('authorization', 'Basic eA=='); })).text).authorization;
      const redirected = await traced((xhr) => xhr.open('GET', `/api/away?to=${encodeURIComponent(`${elsewhere}/api/headers`)}`));
      return { own, redirected: JSON.parse(redirected.text).authorization ?? null };
    }, other.url);
    assert.deepEqual(seen, { own: 'Basic eA==', redirected: null });
  });

  test('gives a synchronous request the token in hand, and does not repeat it', async () => {
    const sync = () => page.evaluate(() => {
      const xhr = new XMLHttpRequest();
      xhr.open('GET', '/api/a', false);
      xhr.send();
      return xhr.status;
    });
    assert.equal(await sync(), 200);
    site.expire();
    assert.equal(await sync(), 401);
    assert.equal(site.count('GET', '/api/a'), 2);
  });

  test('gives a synchronous request no token that needs a proof, which cannot be made at once', async () => {
    const authorization = await page.evaluate(async () => {
      const { createAuth } = await load('client.js');
      undo();
      const dpop = { sign: (request, token) => { request.headers.set('DPoP', 'proof'); if (token) request.headers.set('Authorization', `DPoP ${token}`); } };
      const bound = createAuth({ url: '/auth', sync: false, dpop });
      await bound.login({ username: 'ada', password: 'p' });
      undo = (await load('xhr.js')).installXhr(bound);
      const answered = await traced((xhr) => xhr.open('GET', '/api/headers'));
      const xhr = new XMLHttpRequest();
      xhr.open('GET', '/api/headers', false);
      xhr.send();
      bound.dispose();
      return [JSON.parse(answered.text), JSON.parse(xhr.responseText)].map(({ authorization }) => authorization?.split(' ')[0] ?? null);
    });
    assert.deepEqual(authorization, ['DPoP', null]);
  });

  test('starts while it is sent, and can be aborted or opened anew by the handler of that, as the real one', async () => {
    const run = () => page.evaluate(async () => {
      const events = [];
      const sent = (path, onloadstart) => new Promise((done) => {
        const xhr = Object.assign(new XMLHttpRequest(), { onloadstart: () => { events.push('loadstart'); onloadstart?.(xhr); }, onloadend: () => { events.push(`loadend ${xhr.status}`); done(xhr); } });
        xhr.open('GET', path);
        xhr.send();
        events.push('sent');
      });
      await sent('/api/headers');
      await sent('/api/aborted', (xhr) => xhr.abort());
      await sent('/api/anew', (xhr) => { if (xhr.once) return; xhr.once = true; xhr.open('GET', '/api/headers'); xhr.send(); });
      return events;
    });
    const ours = await run();
    assert.deepEqual(['/api/headers', '/api/aborted', '/api/anew'].map((path) => site.count('GET', path)), [2, 0, 0]);
    await page.evaluate(() => undo());
    assert.deepEqual(ours, await run());
    assert.deepEqual(ours.slice(0, 3), ['loadstart', 'sent', 'loadend 200']);
  });

  test('refuses what the real one refuses between sending and the answer', async () => {
    const names = await page.evaluate(async () => {
      const xhr = new XMLHttpRequest();
      xhr.open('GET', '/api/a');
      xhr.send();
      const failure = (work) => { try { work(); } catch (error) { return error.name; } };
      return [failure(() => xhr.send()), failure(() => xhr.setRequestHeader('a', 'b')), failure(() => { xhr.withCredentials = true; })];
    });
    assert.deepEqual(names, ['InvalidStateError', 'InvalidStateError', 'InvalidStateError']);
  });

  test('can be used again, also by its own handler', async () => {
    site.expire();
    const statuses = await page.evaluate(() => new Promise((done) => {
      const xhr = new XMLHttpRequest();
      const seen = [];
      xhr.onload = () => {
        seen.push(xhr.status);
        if (seen.length === 3) return done(seen);
        xhr.open('GET', `/api/a?${seen.length}`);
        xhr.send();
      };
      xhr.open('GET', '/api/a');
      xhr.send();
    }));
    assert.deepEqual(statuses, [200, 200, 200]);
    assert.equal(refreshes(), 1);
  });

  test('puts back exactly what was there, or passes through below another', async () => {
    const seen = await page.evaluate(async () => {
      const descriptor = () => { const { enumerable, writable, configurable } = Object.getOwnPropertyDescriptor(window, 'XMLHttpRequest'); return { enumerable, writable, configurable }; };
      const patched = { ...descriptor(), same: new XMLHttpRequest() instanceof nativeXhr, name: XMLHttpRequest.name, done: XMLHttpRequest.DONE, tag: String(new XMLHttpRequest()) };
      undo();
      const restored = { ...descriptor(), same: XMLHttpRequest === nativeXhr };
      const again = (await load('xhr.js')).installXhr(auth);
      const Ours = XMLHttpRequest;
      class Theirs extends Ours {}
      window.XMLHttpRequest = Theirs;
      again();
      const through = JSON.parse((await traced((xhr) => xhr.open('GET', '/api/headers'))).text).authorization ?? null;
      return { patched, restored, kept: XMLHttpRequest === Theirs, through };
    });
    const flags = { enumerable: false, writable: true, configurable: true };
    assert.deepEqual(seen, { patched: { ...flags, same: true, name: 'XMLHttpRequest', done: 4, tag: '[object XMLHttpRequest]' }, restored: { ...flags, same: true }, kept: true, through: null });
  });
});
