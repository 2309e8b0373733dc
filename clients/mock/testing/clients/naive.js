/** What is written by hand most often: refresh on each 401, and sign out when that fails. */

/** @param {{ url: string }} options */
export async function create({ url }) {
  /** @type {any} */
  let tokens = null;
  const post = (/** @type {string} */ path, /** @type {object} */ body) => fetch(`${url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const send = (/** @type {string} */ path) => fetch(new URL(path, url), { headers: tokens ? { authorization: `Bearer ${tokens.access_token}` } : {} });
  return {
    usesNow: true, // it looks at none
    async login(/** @type {string} */ username, /** @type {string} */ password) {
      tokens = await (await post('/auth/login', { username, password })).json();
    },
    async call(/** @type {string} */ path) {
      const response = await send(path);
      if (response.status !== 401 || !tokens) return response;
      const answer = await post('/auth/refresh', { refresh_token: tokens.refresh_token });
      tokens = answer.ok ? await answer.json() : null;
      return send(path);
    },
    async logout() {
      const { refresh_token: refreshToken } = tokens;
      tokens = null;
      await post('/auth/logout', { refresh_token: refreshToken });
    },
    state: () => ({ signedIn: tokens !== null }),
  };
}
