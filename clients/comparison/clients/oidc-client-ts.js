/**
 * oidc-client-ts with its defaults, renewing with the refresh token (`automaticSilentRenew`, `signinSilent`). The log-in is ours, since it has none by password;
 * so is the one line for a 401, which it leaves to the application.
 */
import { User, UserManager } from 'oidc-client-ts';

export async function start() {
  const manager = new UserManager({ authority: location.origin, client_id: 'web', redirect_uri: `${location.origin}/callback` });
  const send = async (path) => {
    const user = await manager.getUser();
    return fetch(path, { headers: user ? { authorization: `Bearer ${user.access_token}` } : {} });
  };
  return {
    async login(username, password) {
      const response = await fetch('/auth/login', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ username, password }) });
      const { access_token, refresh_token, expires_in, session_id: sub } = await response.json();
      const expires_at = Math.floor(Date.now() / 1000) + expires_in;
      const user = new User({ access_token, refresh_token, token_type: 'Bearer', expires_at, profile: { sub } });
      await manager.storeUser(user);
      await manager.events.load(user);
    },
    async call(path) {
      const response = await send(path);
      if (response.status !== 401 || !(await manager.getUser())) return response;
      await manager.signinSilent().catch(() => null);
      return send(path);
    },
    async logout() {
      try {
        await manager.revokeTokens();
      } finally {
        await manager.removeUser();
      }
    },
    state: async () => ({ signedIn: (await manager.getUser()) !== null }),
  };
}
