/** @symbolon/client as its page shows it. */
import { createAuth } from '../../browser/client.js';

export async function start() {
  const auth = createAuth({ url: '/auth' });
  await auth.ready();
  return {
    login: (username, password) => auth.login({ username, password }),
    call: (path) => auth.fetch(path),
    logout: () => auth.logout(),
    state: () => ({ signedIn: !['anonymous', 'loading'].includes(auth.state.status), reason: auth.state.reason }),
  };
}
