import { attachRule } from './attach.js';
import { sender } from './call.js';
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
  const inside = { options, base, listeners, send, session, renewal, signOut, forget, mayAttach: attachRule(options.attach, base), ended: end.signal };
  // As a listener, so that one that throws holds up nobody.
  listeners.on('refresh-failed', (event) => options.log?.warn('refresh failed', event));

  const dueAt = () => (document.hidden && !options.refreshWhenHidden ? Infinity : renewal.dueAt());
  session.arm = watch(session.now, dueAt, (jumped, { type, key }) => {
    if (/line$/.test(`${type}`)) session.setOffline(!navigator.onLine);
    if (jumped || (type && (type !== 'storage' || key === session.name))) {
      renewal.wake(jumped, type);
      session.look().catch(() => {});
      finish();
    }
    if (dueAt() <= session.now()) renewal.renew();
    publish();
  }, end.signal);

  const started = (async () => {
    finish();
    // What could not be read may be there.
    if (await session.stored().catch(() => true)) await renewal.renew();
    session.signedIn ??= false;
    publish();
  })();

  if (options.events) started.then(() => import('./live.js')).then(({ follow }) => follow(inside)).catch(() => {});

  /** What most page views do not do is loaded when it is first used. @type {(name: keyof Account) => (...args: any[]) => Promise<any>} */
  const account = (name) => (...args) =>
    import('./account.js').then(({ openAccount }) => openAccount(inside)[name](.../** @type {[any, any]} */ (args)), (cause) => {
      throw new AuthError('network', { cause });
    });

  return /** @type {Auth} */ ({
    // For adapters: see inside.js.
    inside,
    get state() {
      return session.state;
    },
    ready: () => started.then(() => session.state),
    login: account('login'),
    fetch: (input, init) => request(inside, () => new Request(input instanceof Request ? input.clone() : input, init)),
    token: renewal.token,
    refresh: renewal.refresh,
    // What is loaded for it comes after the sign-out here.
    logout: ({ scope } = {}) => (scope === 'others' ? account('endOthers')() : scope === 'all' ? signOut('all_ended', account('endAll')) : signOut()),
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
