/** The bar: 50 parallel calls with an expired token, answers spread over 300 ms. Timed inside the page. */

const CALLS = 50;

/** @param {{ mock: any, create: any, rounds: number }} options */
export async function playBar({ mock, create, rounds }) {
  const played = [];
  for (let round = 0; round < rounds; round++) {
    await mock.reset();
    const client = await create({ url: mock.url, now: Date.now });
    try {
      await client.login('user', 'user');
      await mock.faults.add({ kind: 'delay', path: '/api/*', delay: '0..300ms' });
      await mock.expire('access');
      await mock.log.clear(); // a client may have asked for a session before the log-in
      const { wall, succeeded } = await client.page.evaluate(async (count) => {
        const one = await window.client;
        const started = performance.now();
        const statuses = await Promise.all(Array.from({ length: count }, () => one.call('/api/orders').then(({ status }) => status, () => 0)));
        return { wall: performance.now() - started, succeeded: statuses.filter((status) => status === 200).length };
      }, CALLS);
      const refreshes = (await mock.log.count('POST', '/auth/refresh')) + (await mock.log.count('POST', '/oauth/token'));
      played.push({ wall, succeeded, refreshes });
    } finally {
      await client.close();
    }
  }

  return played;
}
