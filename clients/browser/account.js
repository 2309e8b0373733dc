import { call } from './call.js';
import { request } from './requests.js';
/** @import { Auth, Inside } from './types.js' */

/** The user's other sessions. Loaded when it is first used, since most page views do not. @param {Inside} inside */
export function openAccount(inside) {
  const { session, base, renewal, signOut } = inside;
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
  return {
    ...sessions,
    /** @param {"others" | "all"} scope */
    async signOut(scope) {
      const all = scope === 'all';
      // The token comes first: with it, the rest is done at once.
      await renewal.token().catch(async (error) => {
        if (all) await signOut('all_ended');
        throw error;
      });
      const ended = ask(`sessions?scope=${scope}`, { method: 'DELETE', keepalive: true });
      await (all ? signOut('all_ended', ended) : ended);
    },
  };
}
