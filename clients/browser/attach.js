/** @import { AuthOptions } from './types.js' */

/**
 * Where the access token may go. A text is an origin, or an address and all that is below it; a RegExp sees the whole address.
 * @param {AuthOptions['attach']} attach
 * @param {URL} base the authority
 * @returns {(url: URL) => boolean}
 */
export function attachRule(attach, base) {
  if (typeof attach === 'function') return attach;
  const rules = attach ?? [base.origin];
  return (url) => rules.some((rule) => {
    // Not test(): it remembers where a sticky or global expression stopped.
    if (typeof rule !== 'string') return url.href.search(rule) >= 0;
    const { origin, pathname } = new URL(rule, base);
    return url.origin === origin && `${url.pathname}/`.startsWith(pathname.replace(/\/*$/, '/'));
  });
}
