import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { other, page, refreshes, site } from '../testing/adapter-page.js';

describe('attachAxios', () => {
  beforeEach(() => page.evaluate(async () => {
    window.axios = (await import('/npm/axios/dist/esm/axios.js')).default;
    window.attachAxios = (await load('axios.js')).attachAxios;
  }));

  for (const adapter of ['xhr', 'fetch']) {
    test(`refreshes once for 50 calls, with the adapter ${adapter}`, async () => {
      site.expire();
      const statuses = await page.evaluate(async (adapter) => {
        const api = axios.create({ baseURL: '/api', adapter });
        attachAxios(auth, api);
        const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => api.get('/orders', { params: { i } })));
        return answers.map(({ status, data }) => `${status} ${data.path}`);
      }, adapter);
      assert.deepEqual(statuses, Array(50).fill('200 /api/orders'));
      assert.equal(refreshes(), 1);
    });

    test(`leaves a 401 from another origin, where a redirect led, alone, with the adapter ${adapter}`, async () => {
      const status = await page.evaluate(async ([adapter, elsewhere]) => {
        const api = axios.create({ adapter });
        attachAxios(auth, api);
        return api.get('/api/away', { params: { to: `${elsewhere}/api/a` } }).catch((error) => error.response?.status);
      }, [adapter, other.url]);
      assert.deepEqual([status, site.count('GET', '/api/away'), other.count('GET', '/api/a'), refreshes()], [401, 1, 1, 0]);
    });

    test(`sends a body once more as it was, with the adapter ${adapter}`, async () => {
      site.expire();
      const answers = await page.evaluate(async (adapter) => {
        const api = axios.create({ adapter });
        attachAxios(auth, api);
        let transformed = 0;
        api.defaults.transformRequest = [(data) => { transformed += 1; return data; }, ...api.defaults.transformRequest];
        const form = new FormData();
        form.append('file', new Blob(['contents'], { type: 'text/plain' }), 'a.txt');
        return {
          json: (await api.post('/api/a', { a: 1 })).data,
          form: (await api.post('/api/b', form)).data,
          transformed,
        };
      }, adapter);
      assert.equal(answers.json.body, '{"a":1}');
      assert.equal(answers.json.type, 'application/json');
      assert.match(answers.form.body, /filename="a.txt"[^]*contents/);
      assert.match(answers.form.type, /^multipart\/form-data; boundary=/);
      assert.equal(answers.transformed, 2);
    });

    test(`reaches what is public also while no token can be had, with the adapter ${adapter}`, async () => {
      site.failing.set('/auth/refresh', [503, { type: 'urn:symbolon:unavailable', title: 't', status: 503, code: 'unavailable' }]);
      const seen = await page.evaluate(async (adapter) => {
        const { AuthError } = await load('client.js');
        const api = axios.create({ adapter });
        attachAxios(auth, api);
        auth.state.session.expiresAt = Date.now();
        const { status, data } = await api.get('/api/public');
        const error = await api.get('/api/x').catch((error) => error);
        return { status, data, error: [error instanceof AuthError, error.code], state: auth.state.status };
      }, adapter);
      // What is not public says why: the session goes on, so that nobody is sent to log in.
      assert.deepEqual(seen, { status: 200, data: { news: 1 }, error: [true, 'unavailable'], state: 'stale' });
      assert.equal(refreshes(), 1);
      assert.deepEqual([site.count('GET', '/api/public'), site.count('GET', '/api/x')], [1, 1]);
    });

    test(`gives axios' own errors and cancellations, with the adapter ${adapter}`, async () => {
      const seen = await page.evaluate(async (adapter) => {
        const api = axios.create({ adapter });
        attachAxios(auth, api);
        const caught = (promise) => promise.then(() => 'no error', (error) => ({ axios: axios.isAxiosError(error), cancelled: axios.isCancel(error), code: error.code, status: error.response?.status, data: error.response?.data, url: error.config?.url }));
        const controller = new AbortController();
        const aborted = caught(api.get('/api/never', { signal: controller.signal }));
        setTimeout(() => controller.abort(), 50);
        return {
          foreign: await caught(api.get('/api/foreign-401')),
          aborted: await aborted,
          before: await caught(api.get('/api/x', { signal: AbortSignal.abort() })),
          network: await caught(api.get('/api/x', { baseURL: 'http://127.0.0.1:1' })),
        };
      }, adapter);
      assert.deepEqual(seen.foreign, { axios: true, cancelled: false, code: 'ERR_BAD_REQUEST', status: 401, data: { error: 'not ours' }, url: '/api/foreign-401' });
      assert.equal(seen.aborted.cancelled, true);
      assert.equal(seen.before.cancelled, true);
      assert.equal(seen.network.code, 'ERR_NETWORK');
      assert.equal(refreshes(), 0);
    });
  }

  test('goes through the fetch that the caller names, and hands out no other', async () => {
    site.expire();
    const seen = await page.evaluate(async () => {
      let calls = 0;
      const mine = (...args) => { calls += 1; return fetch(...args); };
      const api = axios.create({ adapter: 'fetch', env: { fetch: mine } });
      attachAxios(auth, api);
      const { status, config } = await api.get('/api/a');
      return { calls, status, mine: config.env.fetch === mine };
    });
    assert.deepEqual(seen, { calls: 2, status: 200, mine: true });
  });

  test('gives up at once when aborted in the middle of a refresh', async () => {
    site.expire();
    let go;
    site.held.set('/auth/refresh', new Promise((resolve) => { go = resolve; }));
    const sent = page.evaluate(async () => {
      const api = axios.create();
      attachAxios(auth, api);
      window.controller = new AbortController();
      return api.get('/api/x', { signal: controller.signal }).then(() => 'answered', (error) => axios.isCancel(error));
    });
    await page.waitForRequest('**/auth/refresh');
    await page.evaluate(() => controller.abort());
    assert.equal(await sent, true);
    go();
    assert.equal(site.count('GET', '/api/x'), 1);
  });

  test('hands a stream over with a typed error, and refreshes all the same', async () => {
    site.expire();
    const seen = await page.evaluate(async () => {
      const { AuthError } = await load('client.js');
      const api = axios.create();
      attachAxios(auth, api);
      // Chromium streams bodies over HTTP/2 only: what is under test is that a stream is recognised, so the adapter reads it into a text.
      const adapter = async (config) => axios.getAdapter('fetch')({ ...config, adapter: 'fetch', data: await new Response(config.data).text() });
      const stream = new Blob(['streamed']).stream();
      const error = await api.post('/api/x', stream, { adapter }).catch((error) => error);
      return { code: error.code, cause: error.cause instanceof AuthError, axios: axios.isAxiosError(error), status: error.response.status, again: (await api.get('/api/x')).status };
    });
    assert.deepEqual(seen, { code: 'body_not_replayable', cause: true, axios: true, status: 401, again: 200 });
    assert.equal(refreshes(), 1);
    assert.equal(site.count('POST', '/api/x'), 1);
  });

  test('keeps the token from other origins, from own Authorization headers and from what it hands out', async () => {
    const seen = await page.evaluate(async (elsewhere) => {
      const api = axios.create();
      const undo = attachAxios(auth, api);
      const own = (await api.get('/api/headers', { headers: { Authorization: 'Basic eA==' } })).data.authorization;
      const abroad = (await api.get(`${elsewhere}/api/headers`)).data.authorization ?? null;
      const redirected = await api.get('/api/away', { params: { to: `${elsewhere}/api/headers` } }).then(({ data }) => data.authorization ?? null);
      const home = await api.get('/api/headers');
      const failed = await api.get('/api/foreign-401').catch((error) => error);
      undo();
      const after = (await api.get('/api/headers')).data.authorization ?? null;
      return { own, abroad, redirected, home: home.data.authorization.slice(0, 7), handedOut: [home.config.headers.has('Authorization'), failed.config.headers.has('Authorization')], after };
    }, other.url);
    assert.deepEqual(seen, { own: 'Basic eA==', abroad: null, redirected: null, home: 'Bearer ', handedOut: [false, false], after: null });
    assert.ok(other.log.length >= 2 && other.log.every(({ authorization }) => authorization === undefined));
  });

  test('runs interceptors once, and a 401 that validateStatus lets pass is refreshed too', async () => {
    site.expire();
    const seen = await page.evaluate(async () => {
      const api = axios.create({ validateStatus: () => true });
      const ran = [];
      api.interceptors.request.use((config) => { ran.push('request'); return config; });
      api.interceptors.response.use((answer) => { ran.push(answer.status); return answer; });
      attachAxios(auth, api);
      const first = await api.get('/api/a');
      // What came with an answer is sent again as it is, as retry libraries do.
      const second = await api.request(first.config);
      return { ran, statuses: [first.status, second.status] };
    });
    assert.deepEqual(seen, { ran: ['request', 200, 'request', 200], statuses: [200, 200] });
    assert.equal(refreshes(), 1);
  });

  test('sends once more only once, and does not refresh for an API that always refuses', async () => {
    site.failing.set('/api/never-good', [401, { type: 'urn:symbolon:token_audience', title: 't', status: 401, code: 'token_audience' }]);
    const statuses = await page.evaluate(async () => {
      const api = axios.create();
      attachAxios(auth, api);
      const status = () => api.get('/api/never-good').catch((error) => error.response.status);
      return [await status(), await status(), await status()];
    });
    assert.deepEqual(statuses, [401, 401, 401]);
    assert.equal(refreshes(), 1);
    assert.equal(site.count('GET', '/api/never-good'), 4);
  });
});
