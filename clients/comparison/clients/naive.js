/** What is written by hand most often: refresh on each 401, and sign out when that fails. */

export async function start() {
  let token = null;
  const post = (path, body = {}) => fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const send = (path) => fetch(path, { headers: token ? { authorization: `Bearer ${token}` } : {} });
  return {
    async login(username, password) {
      token = (await (await post('/auth/login', { username, password, transport: 'cookie' })).json()).access_token;
    },
    async call(path) {
      const response = await send(path);
      if (response.status !== 401 || !token) return response;
      const answer = await post('/auth/refresh');
      token = answer.ok ? (await answer.json()).access_token : null;
      return send(path);
    },
    async logout() {
      token = null;
      await post('/auth/logout');
    },
    state: () => ({ signedIn: token !== null }),
  };
}
