import { sign } from './call.js';
/** @import { AuthOptions } from './types.js' */

/**
 * Sends a request with a proof of possession, and once more if the server gave a nonce for it.
 * @param {AuthOptions} options @param {typeof globalThis.fetch} fetch @param {Request} request @param {string | null} [token]
 * @returns {Promise<Response>}
 */
export async function send(options, fetch, request, token) {
  const spare = request.clone();
  await sign(options, request, token);
  const response = await fetch(request);
  if (!options.dpop?.nonce?.(response)) return response;
  await sign(options, spare, token);
  return fetch(spare);
}
