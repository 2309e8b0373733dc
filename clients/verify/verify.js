/**
 * Checks the access tokens of a Symbolon authority in Node: the token by `jose`, and what is revoked by the authority's feed. Obeys a log-out in milliseconds, or
 * within a stated bound when it is cut off: the contract of docs/how-fast-is-logged-out.md.
 *
 * @example
 * const verifier = createVerifier({ issuer: 'https://auth.example', audience: 'api', clientId: 'orders-api', clientSecret: process.env.SECRET });
 * app.get('/orders', verifier.middleware(), (request, response) => response.json({ user: request.auth.sub }));
 */

import { TokenCheck } from './check.js';
import { Demands } from './demand.js';
import { healthOf } from './health.js';
import { checkRoute, middlewareOf } from './middleware.js';
import { settingsOf } from './options.js';
import { VerifyError } from './problems.js';
import { startSources } from './remote/sources.js';
import { within } from './remote/waiting.js';

export { VerifyError };

/** Who starts before the authority does not wait for it for long: until it is there, answers are as the demand says. */
const STARTS_WITHIN = 2000;

/**
 * @typedef {import('./options.js').VerifierOptions} VerifierOptions
 * @typedef {import('./demand.js').DemandOptions} DemandOptions
 * @typedef {import('./middleware.js').RouteOptions} RouteOptions
 * @typedef {import('./health.js').Health} Health
 * @typedef {import('./token/claims.js').Claims} Claims
 *
 * @typedef {object} Verified  A token that passed.
 * @property {Claims} claims  All of them, frozen.
 * @property {string} sub  The account.
 * @property {string | undefined} sid  The session.
 * @property {readonly string[]} roles
 * @property {readonly string[]} scopes
 * @property {boolean} isLive  Whether the authority itself said so, just now.
 *
 * @typedef {object} Verifier
 * @property {() => Promise<Health>} ready  When keys and revocations were asked for once, whatever came of it; after two seconds at the latest.
 * @property {(token: string, demand?: DemandOptions) => Promise<Verified>} verify  Throws a VerifyError.
 * @property {(route?: RouteOptions) => (request: any, response: any, next: (error?: unknown) => void) => Promise<void>} middleware  Sets `request.auth`, or answers a problem document.
 * @property {() => Health} health
 * @property {() => Promise<void>} close  Ends all loops and tells the authority not to wait for this verifier any more; from then on its view counts as stale.
 */

/** Makes a verifier, which begins at once to ask for keys and revocations. @param {VerifierOptions} options @returns {Verifier} */
export function createVerifier(options) {
  const settings = settingsOf(options);
  const demands = new Demands(settings.demand);
  const sources = startSources(settings, demands);
  const check = new TokenCheck(settings, sources);
  demands.onLooser = () => sources.acknowledger?.soon();
  /** @type {Promise<void> | null} */
  let closing = null;

  /** @param {DemandOptions} [own] */
  const demandOf = (own) => {
    const demand = demands.of(own);
    if (demand.mode !== 'offline' && settings.credential === null) throw new TypeError(`A verifier without clientId and clientSecret cannot serve a route of mode '${demand.mode}'.`);
    return demand;
  };

  /** @param {string} token @param {import('./demand.js').Demand} demand @returns {Promise<Verified>} */
  const verify = async (token, demand) => {
    if (typeof token !== 'string') throw new VerifyError('token_missing');
    const { authentic, isLive } = await check.check(token, demand);
    const { claims } = authentic;
    return { claims, sub: claims.sub, sid: claims.sid, roles: claims.roles ?? [], scopes: claims.scope?.split(' ').filter(Boolean) ?? [], isLive };
  };

  const health = () => healthOf(sources, settings.demand);
  return {
    ready: () => within(Promise.resolve(sources.firstAsked).then(() => {}), STARTS_WITHIN, () => {}).then(health),
    verify: async (token, demand) => verify(token, demandOf(demand)),
    middleware: (route = {}) => {
      checkRoute(route);
      const { roles, scope, ...own } = route;
      const demand = demandOf(own);
      return middlewareOf((token) => verify(token, demand), { roles, scope });
    },
    health,
    close: () => (closing ??= sources.stop()),
  };
}
