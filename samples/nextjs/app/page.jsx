import { Client } from './client.jsx';
import { api, currentSession } from './symbolon.js';

/** Rendered on the server, for whoever has the cookie. */
export default async function Page() {
  const { state, session } = await currentSession();
  const orders = session ? await (await api('/api/orders')).json() : null;
  return (
    <main>
      <h1>Symbolon with Next.js</h1>
      <p id="rendered">The server rendered this for {orders ? orders.username : 'nobody'}.</p>
      <Client initial={state} />
    </main>
  );
}
