import { symbolonNext } from '@symbolon/client/next';
import { headers } from 'next/headers';
import { cache } from 'react';

const url = process.env.SYMBOLON_URL ?? 'http://localhost:5081';
const symbolon = symbolonNext({ url: `${url}/auth` });

/** Whose page this is; asked once for each page. The server's client needs `Overlap: UntilUsed`: see README. */
export const currentSession = cache(async () => symbolon.session(await headers()));

/** An API, called by this server with the user's token. */
export const api = async (path) => {
  const { accessToken } = await currentSession();
  return fetch(`${url}${path}`, { headers: accessToken ? { authorization: `Bearer ${accessToken}` } : {}, cache: 'no-store' });
};
