import { call, sender, tokensIn } from './call.js';
import { AuthError } from './errors.js';
import { openListeners } from './events.js';
import { watch } from './expiry.js';
import { inert } from './inert.js';
import { INSIDE } from './inside.js';
import { openRenewal } from './renewal.js';
import { openRequests } from './requests.js';
import { openSession } from './session.js';
import { openSignOut } from './sign-out.js';
/**
 * @typedef {import('./types.js').Auth} Auth
 * @typedef {import('./types.js').AuthEvents} AuthEvents
 * @typedef {import('./types.js').AuthOptions} AuthOptions
 * @typedef {import('./types.js').AuthState} AuthState
 * @typedef {import('./types.js').Device} Device
 * @typedef {import('./types.js').DpopPlugin} DpopPlugin
 * @typedef {import('./types.js').Logger} Logger
 * @typedef {import('./types.js').LoginInit} LoginInit
 * @typedef {import('./types.js').Problem} Problem
 * @typedef {import('./types.js').RefreshResult} RefreshResult
 * @typedef {import('./types.js').Session} Session
 * @typedef {import('./types.js').StoredSession} StoredSession
 * @typedef {import('./types.js').TokenRequest} TokenRequest
 * @typedef {import('./types.js').TokenStore} TokenStore
 */

export { AuthError };

/**
 * The session of this browser at one authority.
 * @param {AuthOptions} options
 * @returns {Auth}
 */
export function createAuth(options) {
  if (typeof window === 'undefined') return inert(options);

  const base = new URL(options.url, globalThis.document?.baseURI ?? globalThis.location?.href);
  base.pathname = base.pathname.replace(/\/*$/, '/');
  const listeners = openListeners(options.log);
  base.search = '';
  const send = sender(options);
  const session = openSession(options, base, listeners);
  const renewal = openRenewal(session, options, send, base, listeners);
  const { request, rules } = openRequests(session, renewal, options, send, base, listeners);
  const { signOut, finish, forget } = openSignOut(session, send, base);
  const { inCookie, publish } = session;

  const sleeps = () => globalThis.document?.visibilityState === 'hidden' && !options.refreshWhenHidden;
  const clock = watch(session.now, () => (sleeps() ? Infinity : renewal.dueAt()), (jumped, { type, key }) => {
    if (type === 'online' || type === 'offline') session.setOffline(type === 'offline');
    if (jumped) session.distrust();
    if (type === 'storage' ? key === session.name : type && !sleeps()) {
      if (type !== 'storage' && type !== 'focus') renewal.wake();
      session.look();
      finish();
    }
    if (!sleeps() && renewal.isDue()) renewal.renew();
    session.update();
    publish();
  });
  session.arm = clock.arm;

  const started = (async () => {
    finish();
    const stored = await session.stored();
    if (stored || session.mayProbe()) await renewal.renew();
    session.settle(!!stored);
    publish();
  })();

  /** A call of our own endpoints, with the token wherever `attach` points. @param {string} path @param {RequestInit} [init] @param {object} [body] */
  const own = (path, init, body) => call((make) => request(make, true), new URL(path, base), { body, init });

  /** @param {unknown} body @param {LoginInit} [init] @returns {Promise<Session>} */
  const login = async (body, { endpoint = 'login', ...init } = {}) => {
    await started;
    // The token comes first: a refresh needs the lock too.
    const token = endpoint === 'password' ? await renewal.token() : null;
    try {
      const begun = await session.lock(async () => {
        const answer = await call(send, new URL(endpoint, base), { body: { .../** @type {object} */ (body), transport: inCookie ? 'cookie' : undefined }, token, init });
        const tokens = tokensIn(answer);
        if (tokens) {
          forget();
          return session.keep(tokens, 'login', null);
        }
        if (endpoint !== 'register') throw new AuthError('not_symbolon');
      });
      // A server may register without signing in.
      return begun ?? (await login(body, init));
    } finally {
      publish();
    }
  };

  return /** @type {Auth} */ ({
    [INSIDE]: rules,
    get state() {
      return session.state;
    },
    ready: () => started.then(() => session.state),
    login,
    fetch: (input, init) => started.then(() => request(() => new Request(input instanceof Request ? input.clone() : input, init))),
    token: (how) => started.then(() => renewal.token(how)),
    refresh: ({ ifToken } = {}) => started.then(() => renewal.refresh(ifToken)),
    async logout({ scope = 'this' } = {}) {
      if (scope === 'this') return signOut();
      await started;
      const all = scope === 'all';
      // The token comes first: with it, the rest is done at once.
      await renewal.token().catch(async (error) => {
        if (all) await signOut('all_ended');
        throw error;
      });
      const ended = own(`sessions?scope=${scope}`, { method: 'DELETE', keepalive: true });
      await (all ? signOut('all_ended', ended) : ended);
    },
    sessions: {
      list: async () => (await own('sessions?limit=200', { method: 'GET' })).items,
      async end(id) {
        await own(`sessions/${encodeURIComponent(id)}`, { method: 'DELETE' });
        if (id === session.held?.sid) session.end('ended_by_user');
        publish();
      },
      rename: (id, name) => own(`sessions/${encodeURIComponent(id)}`, { method: 'PATCH' }, { name }),
    },
    on: listeners.on,
    subscribe: (listener) => listeners.on('state', listener),
    dispose() {
      clock.stop();
      session.close();
      listeners.clear();
    },
  });
}
