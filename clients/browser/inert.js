import { AuthError } from './errors.js';
/** @import { Auth, AuthOptions, AuthState } from './types.js' */

/** On a server there is no session of one user: nobody is signed in, and requests pass through. @param {AuthOptions} options @returns {Auth} */
export function inert(options) {
  /** @type {AuthState} */
  const state = { status: 'anonymous' };
  const refuse = async () => {
    throw new AuthError('no_window');
  };
  const nothing = async () => null;
  const on = () => /** @type {any} */ (nothing);
  return {
    state,
    ready: async () => state,
    fetch: (input, init) => (options.fetch ?? fetch)(input, init),
    token: nothing,
    refresh: async () => ({ status: 'signed-out' }),
    login: refuse,
    logout: /** @type {any} */ (nothing),
    sessions: { list: refuse, end: refuse, rename: refuse },
    on,
    subscribe: on,
    dispose: nothing,
  };
}
