import { sign } from './dpop.js';
import * as refused from './refused.js';
/** @import { Auth, Inside as Parts } from './types.js' */

/**
 * What a client lets its adapters use: its own rules, not copies of them. Not part of `Auth`.
 * @typedef {object} Inside
 * @property {(url: URL) => boolean} mayAttach  whether the token may go there
 * @property {() => string | null} held  the token in hand, for those who cannot wait; null if it needs a proof, which has to be waited for
 * @property {(request: Request, token: string) => void | Promise<void>} sign  puts the token into a request's headers, and a proof if there is a plug-in for it
 * @property {(response: Response, request: Request) => Promise<boolean>} isRefused  whether it is a 401 that means our token
 * @property {(token: string | null, request: Request) => Promise<string | null>} newer  what stands in for a token that was refused, or is missing: one refresh for all; null if there is none
 * @property {(token: string) => void} refusedAgain  the newer one was refused as well: further refreshes for it would be in vain
 */

/** @param {Parts} inside @returns {Inside} */
const rulesOf = (inside) => ({
  mayAttach: inside.mayAttach,
  held: () => (inside.options.dpop ? null : inside.session.token || null),
  sign: (request, token) => sign(inside.options, request, token),
  isRefused: (response, request) => refused.isRefused(inside, response, request),
  newer: (token, request) => refused.newerThan(inside, token, request),
  refusedAgain: inside.session.refusedAgain,
});

/** The rules of the client, if its token may go to this address. @param {Auth} auth @param {string | URL} address @returns {{ url: URL, rules: Inside } | null} */
export function attached(auth, address) {
  // A client that has no session, as on a server, has none.
  const { inside } = /** @type {{ inside?: Parts }} */ (auth);
  try {
    const url = new URL(address, globalThis.document?.baseURI ?? globalThis.location?.href);
    return inside?.mayAttach(url) ? { url, rules: rulesOf(inside) } : null;
  } catch {
    return null;   // what is wrong with it, the request itself says
  }
}

/** The headers that carry a token. @param {Inside} rules @param {Request} request @param {string} token @returns {Promise<[string, string][]>} */
export async function headersWith(rules, request, token) {
  const signed = new Request(request);
  await rules.sign(signed, token);
  return [...signed.headers];
}

/**
 * Whether a 401 that came some other way than by fetch means our token.
 * @param {Inside} rules @param {Request} request @param {{ body: BodyInit | null, headers: [string, string][], url?: string }} answer  `url`: where it came from, after redirects
 */
export const isRefused = async (rules, request, { body, headers, url }) =>
  !(url && !rules.mayAttach(new URL(url))) && rules.isRefused(new Response(body, { status: 401, headers }), request);
