import { call, tokensIn } from './call.js';
import { AuthError } from './errors.js';
import { request } from './requests.js';
/** @import { Auth, Inside, LoginInit, Session, StoredSession } from './types.js' */

/** Logging in, and the user's other sessions. Loaded when it is first used, since most page views do not. @param {Inside} inside */
export function openAccount(inside) {
  const { session, base, renewal, send, forget } = inside;
  /** @param {string} path @param {RequestInit} init @param {object} [body] */
  const ask = (path, init, body) => call((asked) => request(inside, () => asked.clone()), new URL(path, base), { body, init });
  const one = (/** @type {string} */ id) => `sessions/${encodeURIComponent(id)}`;

  /** @type {Auth['sessions']} */
  const sessions = {
    list: async () => (await ask('sessions?limit=200', { method: 'GET' })).items,
    rename: async (id, name) => void await ask(one(id), { method: 'PATCH' }, { name }),
    async end(id) {
      await ask(one(id), { method: 'DELETE' });
      if (id === session.held?.sid) session.end('ended_by_user', true);
      session.publish();
    },
  };

  /** With the token in hand, or else a new one: here the session is over already, so that nobody else refreshes it. @param {StoredSession | null} stored @param {string} token */
  const endAll = async (stored, token) => {
    const end = (/** @type {string} */ valid) => call(send, new URL('sessions?scope=all', base), { token: valid, init: { method: 'DELETE', keepalive: true } });
    const renewed = async () => end(tokensIn(await call(send, new URL('refresh', base), {
      body: { refresh_token: stored?.refreshToken },
      init: { keepalive: true, headers: stored ? { 'Symbolon-Attempt': session.attemptFor(stored) } : {} },
    })).access_token);
    await end(token).catch((error) => (error.status === 401 ? renewed() : Promise.reject(error)));
  };

  return {
    ...sessions,
    /** Under the lock, since the answer sets the cookie. @param {unknown} body @param {LoginInit} [init] @returns {Promise<Session>} */
    async login(body, { endpoint = 'login', ...init } = {}) {
      const url = new URL(endpoint, base);
      if (!url.href.startsWith(base.href)) throw new TypeError(`${endpoint} is not below ${base}`);
      // Where one logs in, no token is asked for; elsewhere, as for a new password, one that is valid.
      if (!/^(login|register)$/.test(endpoint)) await renewal.token();
      return session.lock(async () => {
        const tokens = tokensIn(await call(send, url, { body: { .../** @type {object} */ (body), transport: session.transport }, token: session.token, init }));
        // With the cookie, the new session has replaced the old one, and what was left to say about that.
        if (session.transport) forget();
        const kept = await session.keep(tokens, 'login', null);
        // Somebody signed out while it was saved.
        if (!kept) throw new AuthError('aborted');
        return kept;
      }).finally(session.publish);
    },
    endAll,
    endOthers: () => ask('sessions?scope=others', { method: 'DELETE', keepalive: true }),
  };
}
