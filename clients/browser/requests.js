/** @import { Inside } from './types.js' */

/**
 * `auth.fetch`: with a fresh token where that may go; if it is refused, one refresh for all, and one more try.
 * @param {Inside} inside
 * @param {() => Request} make  since one that was sent cannot be sent again
 */
export async function request(inside, make) {
  const { send, renewal, mayAttach } = inside;
  const first = make();
  if (!mayAttach(new URL(first.url)) || first.headers.has('authorization')) return send(first);

  /** @type {unknown} */
  let missing;
  const token = await renewal.token({ signal: first.signal }).catch((error) => {
    // None can be had now. What is public is there all the same; from the rest, a 401 would be misleading.
    missing = error;
    return null;
  });
  const response = await send(first, token);
  if (response.status !== 401) return response;
  if (missing) throw missing;
  return (await import('./refused.js')).sendAgain(inside, response, first, token, make);
}
