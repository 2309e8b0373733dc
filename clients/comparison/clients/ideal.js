/** The least that 50 calls can take: each is sent, refused, waits for the one refresh that the first refusal began, and is sent again. The yardstick of wall times; no client. */

export async function start() {
  let token = null;
  let renewal = null;
  const post = (path, body = {}) => fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const send = (path) => fetch(path, { headers: { authorization: `Bearer ${token}` } });
  return {
    async login(username, password) {
      token = (await (await post('/auth/login', { username, password, transport: 'cookie' })).json()).access_token;
    },
    async call(path) {
      const used = token;
      const response = await send(path);
      if (response.status !== 401) return response;
      if (used === token) {
        renewal ??= (async () => {
          token = (await (await post('/auth/refresh')).json()).access_token;
          renewal = null;
        })();
        await renewal;
      }

      return send(path);
    },
  };
}
