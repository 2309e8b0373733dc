import { AuthError } from './errors.js';
/** @import { StoredSession, TokenStore } from './types.js' */

const PATIENCE_MS = 3_000;

/**
 * What was last asked of each store, and what it is known to hold.
 * @type {WeakMap<TokenStore, { turn: Promise<any>, kept?: StoredSession | null }>}
 */
const known = new WeakMap();

/**
 * Asks the application's own store. One thing after the other, so that what is saved late does not undo a sign-out; one that
 * fails or never answers is a typed error. Loaded only where there is such a store.
 * @param {TokenStore} store @param {keyof TokenStore | 'last'} what  last: for a sign-out, what is there, or was when it could last be read
 * @param {any} [value]
 * @returns {Promise<any>} @throws {AuthError} `storage`
 */
export function use(store, what, value) {
  if (what === 'last') return use(store, 'load').catch(() => known.get(store)?.kept);
  const of = known.get(store) ?? { turn: Promise.resolve() };
  known.set(store, of);
  const asked = of.turn.catch(() => {}).then(() => inTime(async () => store[what](value)));
  of.turn = asked;
  return asked.then((kept) => {
    of.kept = what === 'load' ? kept : what === 'save' ? value : null;
    return kept;
  });
}

/** @template T @param {() => Promise<T>} work @returns {Promise<T>} */
const inTime = (work) => new Promise((resolve, reject) => {
  const fail = (/** @type {unknown} */ cause) => reject(new AuthError('storage', { cause }));
  const timer = setTimeout(() => fail(new Error('The store does not answer.')), PATIENCE_MS);
  work().then(resolve, fail).finally(() => clearTimeout(timer));
});
