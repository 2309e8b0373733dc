/** @import { AuthOptions } from './types.js' */

/** Puts a token into a request, and a proof if there is a plug-in for it. @param {AuthOptions} options @param {Request} request @param {string | null} [token] */
export const sign = ({ dpop }, request, token) => {
  if (token) request.headers.set('authorization', `Bearer ${token}`);
  return dpop?.sign(request, token);
};

/**
 * Sends a request with a proof of possession, and once more if the server gave a nonce for it.
 * @param {AuthOptions} options @param {typeof globalThis.fetch} fetch @param {Request} request @param {string | null} [token]
 * @returns {Promise<Response>}
 */
export async function send(options, fetch, request, token) {
  const spare = request.clone();
  // Copies, for what the caller and its listeners see stays without the token.
  const once = async (/** @type {Request} */ copy) => {
    await sign(options, copy, token);
    return fetch(copy);
  };
  const response = await once(new Request(request));
  return options.dpop?.nonce?.(response) ? once(spare) : response;
}
