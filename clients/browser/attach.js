/** @import { AuthOptions } from './types.js' */

/**
 * Where the access token may go: to the authority, and where `attach` says. A text is an origin, or the beginning of addresses
 * (end it with a slash, or `/api` means `/api-of-others` too); a RegExp sees the whole address, so begin it with `^https:`.
 * @param {AuthOptions['attach']} attach
 * @param {URL} base the authority
 * @returns {(url: URL) => boolean}
 */
export const attachRule = (attach, base) => (url) =>
  // URL makes an origin end in a slash, which another host cannot continue. Not test(): it remembers where a global expression stopped.
  [base.href, attach ?? base.origin].flat().some((rule) => (typeof rule === 'function' ? rule(url) : typeof rule === 'string' ? url.href.startsWith(new URL(rule, base).href) : url.href.search(rule) >= 0));
