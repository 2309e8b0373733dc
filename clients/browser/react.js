import { createContext, createElement, useContext, useMemo, useSyncExternalStore } from 'react';

/** @import { Auth, AuthState, Session } from './types.js' */

/** @type {AuthState} what is rendered on a server that was told nothing, and in the browser until that is hydrated */
const LOADING = Object.freeze({ status: 'loading' });

/** @type {import('react').Context<{ auth?: Auth, initial: AuthState }>} */
const Provided = createContext(/** @type {{ auth?: Auth, initial: AuthState }} */ ({ initial: LOADING }));

/**
 * Gives one client to the hooks below it. It does not own it: make the client outside of components, once.
 * @example
 * const auth = createAuth({ url: '/auth' });
 * root.render(<AuthProvider auth={auth}><App /></AuthProvider>);
 * @param {{ auth: Auth, initial?: AuthState, children?: import('react').ReactNode }} props  `initial`: what the server rendered with, so that hydration agrees with it
 */
export function AuthProvider({ auth, initial = LOADING, children }) {
  const value = useMemo(() => ({ auth, initial }), [auth, initial]);
  return createElement(Provided.Provider, { value }, children);
}

/**
 * The state of the client; renders again when it changes.
 * @example
 * const { status, session, reason } = useAuth();
 * @param {Auth} [auth]  default: the provider's
 * @returns {AuthState}
 */
export function useAuth(auth) {
  const { initial } = useContext(Provided);
  const client = useAuthClient(auth);
  return useSyncExternalStore(client.subscribe, () => client.state, () => initial);
}

/** The session, or null while there is none. @param {Auth} [auth]  default: the provider's @returns {Session | null} */
export const useSession = (auth) => useAuth(auth).session ?? null;

/** The client itself, to log in, fetch and log out with. @param {Auth} [auth]  default: the provider's @returns {Auth} */
export function useAuthClient(auth) {
  const provided = useContext(Provided).auth;
  const client = auth ?? provided;
  if (!client) throw new TypeError('There is no client: render <AuthProvider auth={auth}> above, or pass the client to the hook.');
  return client;
}
