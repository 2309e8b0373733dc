/** supertokens-website with its defaults: it wraps window.fetch. The front in front of the mock speaks its protocol. */
import SuperTokens from 'supertokens-website';

export async function start() {
  SuperTokens.init({ apiDomain: location.origin, apiBasePath: '/st' });
  const post = (path, body) => fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  return {
    async login(username, password) {
      const response = await post('/st/signin', { username, password });
      if (!response.ok) throw new Error(`sign-in: ${response.status}`);
    },
    call: (path) => fetch(path),
    logout: () => SuperTokens.signOut(),
    state: async () => ({ signedIn: await SuperTokens.doesSessionExist() }),
  };
}
