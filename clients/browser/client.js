import { attachRule } from './attach.js';
import { call, sender, tokensIn } from './call.js';
import { AuthError } from './errors.js';
import { openListeners } from './events.js';
import { watch } from './expiry.js';
import { inert } from './inert.js';
import { openRenewal } from './renewal.js';
import { request } from './requests.js';
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

/** @import { Inside } from './types.js' */
/** @typedef {ReturnType<typeof import('./account.js').openAccount>} Account */

/**
 * The session of this browser at one authority.
 * @param {AuthOptions} options
 * @returns {Auth}
 */
export function createAuth(options) {
  if (typeof window === 'undefined') return inert(options);

  const base = new URL(options.url.replace(/\/*$/, '/'), document.baseURI);
  const end = new AbortController();
  const listeners = openListeners();
  const send = sender(options);
  const session = openSession(options, base, listeners);
  const renewal = openRenewal(session, options, send, base, listeners);
  const { signOut, finish, forget } = openSignOut(session, send, base);
  const { publish } = session;
  /** @type {Inside} */
  const inside = { options, base, listeners, send, session, renewal, signOut, mayAttach: attachRule(options.attach, base), ended: end.signal };

  const dueAt = () => (document.hidden && !options.refreshWhenHidden ? Infinity : renewal.dueAt());
  session.arm = watch(session.now, dueAt, (jumped, { type, key }) => {
    if (/line$/.test(`${type}`)) session.setOffline(!navigator.onLine);
    if (jumped || (type && (type !== 'storage' || key === session.name))) {
      renewal.wake(jumped);
      session.look();
      finish();
    }
    if (dueAt() <= session.now()) renewal.renew();
    publish();
  }, end.signal);

  const started = (async () => {
    finish();
    if (await session.stored().catch(() => null)) await renewal.renew();
    session.signedIn ??= false;
    publish();
  })();

  if (options.events) started.then(() => import('./live.js')).then(({ follow }) => follow(inside)).catch(() => {});

  /** What most page views do not do is loaded when it is first used. @type {(name: keyof Account) => (...args: any[]) => Promise<any>} */
  const account = (name) => async (...args) => (await import('./account.js')).openAccount(inside)[name](.../** @type {[any, any]} */ (args));

  /** Under the lock, since the answer sets the cookie. @param {unknown} body @param {LoginInit} [init] @returns {Promise<Session>} */
  const login = (body, { endpoint = 'login', ...init } = {}) => session.lock(async () => {
    const tokens = tokensIn(await call(send, new URL(endpoint, base), {
      body: { .../** @type {object} */ (body), transport: session.transport },
      token: session.token,
      init,
    }));
    forget();
    return session.keep(tokens, 'login', null);
  }).finally(publish);

  return /** @type {Auth} */ ({
    // For adapters: see inside.js.
    inside,
    get state() {
      return session.state;
    },
    ready: () => started.then(() => session.state),
    login,
    fetch: (input, init) => request(inside, () => new Request(input instanceof Request ? input.clone() : input, init)),
    token: renewal.token,
    refresh: renewal.refresh,
    logout: async ({ scope = 'this' } = {}) => (scope === 'this' ? signOut() : account('signOut')(scope)),
    sessions: { list: account('list'), end: account('end'), rename: account('rename') },
    on: listeners.on,
    subscribe: (listener) => listeners.on('state', listener),
    dispose() {
      end.abort();
      session.close();
      listeners.clear();
    },
  });
}
