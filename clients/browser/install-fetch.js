import { attached } from './inside.js';
/** @import { Auth } from './types.js' */

/**
 * The global `fetch` goes through `auth.fetch` for requests to an `attach` origin; all others, and those with an `Authorization` of their own, go on as before.
 * Make the client first: it keeps the `fetch` that it found.
 * @example
 * const undo = installFetch(auth);
 * @param {Auth} auth
 * @param {{ global?: { fetch: typeof fetch } }} [options]
 * @returns {() => void} puts the former one back; if somebody has put another on top meanwhile, ours stays and passes everything through
 */
export function installFetch(auth, { global = globalThis } = {}) {
  const former = global.fetch;
  let installed = true;

  /** @type {typeof fetch} */
  const through = function fetch(input, init) {
    let ours = false;
    try {
      ours = installed && isForUs(auth, input, init);
    } catch { /* the real one says what is wrong with it */ }
    return ours ? auth.fetch(/** @type {any} */ (input), init) : former.call(global, input, init);
  };
  global.fetch = through;
  return () => {
    installed = false;
    if (global.fetch === through) global.fetch = former;
  };
}

/** @param {Auth} auth @param {any} input @param {RequestInit} [init] */
function isForUs(auth, input, init) {
  const isRequest = input instanceof Request;
  const headers = init?.headers ?? (isRequest ? input.headers : undefined);
  return !new Headers(headers).has('Authorization') && attached(auth, isRequest ? input.url : String(input)) !== null;
}
