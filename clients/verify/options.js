/** What a verifier is told, checked when it is made; each message says what to write. */

import { complaints, isWithin, strangers } from './demand.js';
import { below, isAllowedAddress } from './remote/http.js';

/**
 * @typedef {object} VerifierOptions
 * @property {string} issuer  The one issuer whose tokens count, compared exactly; for example https://auth.example.
 * @property {string | string[]} audience  This service's own names; a token needs one of them in `aud`.
 * @property {string} [clientId]  This service's client at the authority, whose scopes include `revocations`. Required, but with mode 'offline'.
 * @property {string} [clientSecret]  The client's secret.
 * @property {import('./demand.js').Mode} [mode]  Of routes that name none. Default 'revocable'.
 * @property {number} [maxStaleness]  How old the view of what is revoked may be, in seconds. Default 5.
 * @property {import('./demand.js').WhenStale} [whenStale]  What happens beyond that. Default 'ask'.
 * @property {number} [clockSkew]  How far the clocks of issuer and service may be apart, in seconds. Default 30.
 * @property {number} [maxTokenAge]  The longest life of a token, in seconds. Default 3600; above it the view never counts as current.
 * @property {string[]} [algorithms]  Default ES256, ES384, RS256, PS256; the list is the whole list.
 * @property {number} [rememberedTokens]  How many tokens are remembered, so that their signatures are checked once. Default 32768; 0 for none.
 * @property {string} [authority]  Where the issuer is reached. Default: the issuer.
 * @property {string} [verifierName]  The name of this service in receipts. Default: clientId.
 * @property {string} [jwksUri]  Default: what the metadata say.
 * @property {string} [revocationUri]  Default: /revocations at the authority.
 * @property {string} [tokenUri]  Default: /oauth/token at the authority.
 * @property {string} [introspectionUri]  Default: /oauth/introspect at the authority.
 * @property {string} [initialJwks]  Keys to begin with, so that a start does not need the authority: a JWK set as JSON.
 * @property {boolean} [deriveKeyAlgorithms]  Whether a key that states no `alg` gets the one of its type. Default false.
 * @property {boolean} [allowHttp]  Plain http also to other machines; for development. Default false.
 * @property {Logger | false} [log]  Where to say what has changed; never a token or a secret. Default: console for warnings and errors.
 * @property {typeof fetch} [fetch]  How to reach the authority.
 * @property {() => number} [now]  The wall clock, in milliseconds since 1970.
 *
 * @typedef {{ info(message: string): void, warn(message: string): void, error(message: string): void }} Logger
 *
 * @typedef {object} Settings  The same, whole.
 * @property {string} issuer
 * @property {string} metadataUri
 * @property {string | undefined} jwksUri
 * @property {string} revocationUri
 * @property {string} introspectionUri
 * @property {import('./remote/client-token.js').Credential | null} credential
 * @property {string} verifierName
 * @property {string[]} audiences
 * @property {string[]} algorithms
 * @property {number} clockSkew
 * @property {number} maxTokenAge
 * @property {number} rememberedTokens
 * @property {import('./demand.js').Demand} demand
 * @property {string | undefined} initialJwks
 * @property {boolean} deriveKeyAlgorithms
 * @property {boolean} allowHttp
 * @property {Logger} log
 * @property {typeof fetch} fetch
 * @property {() => number} now
 */

const ALGORITHMS = ['ES256', 'ES384', 'RS256', 'PS256'];
const NAMES = ['issuer', 'audience', 'clientId', 'clientSecret', 'mode', 'maxStaleness', 'whenStale', 'clockSkew', 'maxTokenAge', 'algorithms', 'rememberedTokens', 'authority',
  'verifierName', 'jwksUri', 'revocationUri', 'tokenUri', 'introspectionUri', 'initialJwks', 'deriveKeyAlgorithms', 'allowHttp', 'log', 'fetch', 'now'];
const LEVELS = ['info', 'warn', 'error'];
/** Settings are often texts from the environment, and the text 'false' is true. @type {Record<string, (keyof VerifierOptions)[]>} */
const TYPES = { string: ['clientId', 'clientSecret', 'verifierName', 'initialJwks'], boolean: ['deriveKeyAlgorithms', 'allowHttp'], function: ['fetch', 'now'] };
const nothing = () => {};

/** @param {VerifierOptions} options @returns {Settings} */
export function settingsOf(options) {
  const problems = problemsOf(options ?? {});
  if (problems.length > 0) throw new TypeError(`createVerifier: ${problems.join(' ')}`);
  const { issuer, audience, clientId, clientSecret, authority = issuer, log } = options;
  const tokenUri = options.tokenUri ?? below(authority, '/oauth/token');
  return {
    issuer,
    metadataUri: below(authority, '/.well-known/openid-configuration'),
    jwksUri: options.jwksUri,
    revocationUri: options.revocationUri ?? below(authority, '/revocations'),
    introspectionUri: options.introspectionUri ?? below(authority, '/oauth/introspect'),
    credential: clientId && clientSecret ? { clientId, secret: clientSecret, tokenUri } : null,
    verifierName: options.verifierName ?? clientId ?? '',
    audiences: [audience].flat(),
    algorithms: options.algorithms ?? ALGORITHMS,
    clockSkew: options.clockSkew ?? 30,
    maxTokenAge: options.maxTokenAge ?? 3600,
    rememberedTokens: options.rememberedTokens ?? 32_768,
    demand: { mode: options.mode ?? 'revocable', maxStaleness: options.maxStaleness ?? 5, whenStale: options.whenStale ?? 'ask' },
    initialJwks: options.initialJwks,
    deriveKeyAlgorithms: options.deriveKeyAlgorithms ?? false,
    allowHttp: options.allowHttp ?? false,
    log: guarded(log === false ? { info: nothing, warn: nothing, error: nothing } : (log ?? { info: nothing, warn: (message) => console.warn(message), error: (message) => console.error(message) })),
    fetch: options.fetch ?? ((...args) => globalThis.fetch(...args)),
    now: options.now ?? Date.now,
  };
}

/** What listens must not end what it listens to: a log that throws would stop the loop that speaks to it, or the process. @param {Logger} log @returns {Logger} */
function guarded(log) {
  const to = (/** @type {keyof Logger} */ level) => async (/** @type {string} */ message) => {
    try {
      await log[level](message);
    } catch {
      // There is nobody to tell.
    }
  };
  return { info: to('info'), warn: to('warn'), error: to('error') };
}

/** @param {Partial<VerifierOptions>} options @returns {string[]} */
function problemsOf(options) {
  const { issuer, audience, clientId, clientSecret, mode, maxStaleness, clockSkew = 30, maxTokenAge = 3600, algorithms, rememberedTokens = 0, allowHttp = false, log } = options;
  const problems = complaints(options);
  /** @param {boolean} isWrong @param {string} message */
  const check = (isWrong, message) => void (isWrong && problems.push(message));
  const audiences = [audience].flat();
  problems.push(...strangers(options, NAMES));
  for (const [type, names] of Object.entries(TYPES)) names.forEach((name) => check(![type, 'undefined'].includes(typeof options[name]), `${name} must be a ${type}.`));
  check(typeof issuer !== 'string' || !URL.canParse(issuer), "set issuer to the authority's address, for example 'https://auth.example'.");
  for (const name of /** @type {const} */ (['authority', 'jwksUri', 'revocationUri', 'tokenUri', 'introspectionUri', ...(options.authority === undefined ? ['issuer'] : [])]))
    check(options[/** @type {'authority'} */ (name)] !== undefined && !isAllowedAddress(options[/** @type {'authority'} */ (name)], allowHttp), `${name} must be an https address (http only to this machine, or with allowHttp).`);
  check(/[?#]/.test(`${options.authority ?? issuer}`), 'the address of the authority must have no query and no fragment: paths are put behind it.');
  check(audiences.length === 0 || audiences.some((name) => typeof name !== 'string' || name === ''), "set audience to this service's name, for example 'api'.");
  check(mode !== 'offline' && !(clientId && clientSecret),
    "set clientId and clientSecret to this service's credential at the authority (a client whose scopes include 'revocations'); without one it cannot learn of log-outs. To go by expiry alone, set mode to 'offline'.");
  check(maxStaleness === 0, 'maxStaleness must be above 0.');
  check(!isWithin(clockSkew, 0, 600), 'clockSkew must be a number of seconds from 0 to 600.');
  check(maxTokenAge === 0 || !isWithin(maxTokenAge, 0, 366 * 86_400), 'maxTokenAge must be a number of seconds above 0 and at most 366 days.');
  check(!(Number.isInteger(rememberedTokens) && rememberedTokens >= 0 && rememberedTokens <= 2 ** 24), 'rememberedTokens must be a whole number from 0 to 16777216.');
  check(Boolean(log) && LEVELS.some((level) => typeof /** @type {any} */ (log)[level] !== 'function'), `log must have the functions ${LEVELS.join(', ')}; or set it to false.`);
  check(algorithms !== undefined && (!Array.isArray(algorithms) || algorithms.length === 0 || algorithms.some((name) => !ALGORITHMS.includes(name))), `algorithms must be a list of ${ALGORITHMS.join(', ')}; a secret key cannot be published.`);
  return problems;
}
