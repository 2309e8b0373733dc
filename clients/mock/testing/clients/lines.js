/** A client that is a program: the naive one, behind lines of JSON. Any language can do the same. */

import { createInterface } from 'node:readline';
import { create } from './naive.js';

/** @type {any} */
let client;
/** @type {Record<string, (asked: any) => Promise<object>>} */
const does = {
  create: async (asked) => {
    client = await create(asked);
    return { uses_now: true, offers: ['logout', 'state'] };
  },
  login: async ({ user, password }) => (await client.login(user, password), {}),
  call: async ({ path }) => ({ status: (await client.call(path)).status }),
  logout: async () => (await client.logout(), {}),
  state: async () => ({ signed_in: client.state().signedIn }),
};

createInterface({ input: process.stdin }).on('line', async (line) => {
  const asked = JSON.parse(line);
  const answer = await does[asked.do](asked).catch((error) => ({ error: error.message }));
  console.log(JSON.stringify({ id: asked.id, ...answer }));
});
