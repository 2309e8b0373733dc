import { addressOf, read } from './api.js';

/** @type {Set<(line: { method: string, path: string, status: number, code: string | null }) => void>} */
const listeners = new Set();

/** Tells of each exchange: its outline only, never a header or a body, for that is where tokens and passwords are. */
export const onExchange = (listener) => listeners.add(listener);

/**
 * The `fetch` that the client is given, so that one can watch what it asks.
 * @param {Request} request
 * @returns {Promise<Response>}
 */
export async function observedFetch(request) {
  const { pathname, search } = new URL(request.url);
  const tell = (status, code) => listeners.forEach((listener) => listener({ method: request.method, path: pathname + search, status, code }));
  try {
    const response = await fetch(request);
    if (response.ok) tell(response.status, null);
    else read(response).then(({ problem }) => tell(response.status, problem?.code ?? null));
    return response;
  } catch (error) {
    tell(0, null);
    throw error;
  }
}

/** One request that the client is not asked for: with this token, whatever it is worth by now. @param {string} path @param {string} token */
export const send = (path, token) => observedFetch(new Request(addressOf(path), { headers: { authorization: `Bearer ${token}` }, cache: 'no-store' }));
