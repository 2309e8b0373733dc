/** The verifier before a route of Express, Connect, or plain node:http and node:http2; these must look whether `next` gets an error. */

import { strangers } from './demand.js';
import { VerifyError } from './problems.js';
import { MAX_TOKEN } from './token/authenticate.js';

const BEARER = /^Bearer /i;

/**
 * @typedef {import('./verify.js').Verified} Verified
 * @typedef {import('node:http').IncomingMessage & { auth?: Verified }} Request
 * @typedef {{ roles?: string | string[], scope?: string } & import('./demand.js').DemandOptions} RouteOptions  one of the roles; the scope
 */

/** @param {unknown} value */
const isName = (value) => typeof value === 'string' && value !== '';

/**
 * Throws when a route says what it needs in a way that would let everybody in, or nobody: a misspelt name, a role that is undefined because a setting is missing.
 * @param {RouteOptions} route
 */
export function checkRoute(route) {
  const { roles, scope } = route;
  const wrong = strangers(route, ['roles', 'scope', 'mode', 'maxStaleness', 'whenStale']);
  if ('roles' in route && !(Array.isArray(roles) ? roles.length > 0 && roles.every(isName) : isName(roles))) wrong.push("roles must be a role, or a list of some; leave it out where none is needed.");
  if ('scope' in route && !(isName(scope) && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(/** @type {string} */ (scope)))) wrong.push('scope must be one scope (RFC 6749 §3.3); leave it out where none is needed.');
  if (wrong.length > 0) throw new TypeError(`middleware: ${wrong.join(' ')}`);
}

/** The token of the Authorization header; throws when none came, or several. @param {import('node:http').IncomingMessage} request @returns {string} */
export function bearerOf({ rawHeaders }) {
  const sent = rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1].toLowerCase() === 'authorization'); // HTTP/2 has no headersDistinct
  if (sent.length > 1) throw new VerifyError('token_malformed'); // which of them counts, nobody can tell
  const [header = ''] = sent;
  if (!BEARER.test(header)) throw new VerifyError('token_missing');
  const token = header.slice('Bearer '.length);
  if (token.length > MAX_TOKEN) throw new VerifyError('token_malformed');
  return token;
}

/** What is missing to enter: a role, or a scope. @param {Verified} auth @param {RouteOptions} route */
export function requireRights({ roles, scopes }, { roles: oneOf, scope }) {
  if (oneOf !== undefined && ![oneOf].flat().some((role) => roles.includes(role))) throw new VerifyError('role_missing');
  if (scope !== undefined && !scopes.includes(scope)) throw new VerifyError('scope_missing', { scope });
}

/** Answers a refusal; not where somebody else has answered meanwhile, such as a time limit of the application. @param {VerifyError} error @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
export function answer(error, request, response) {
  if (response.headersSent) return;
  const [, traceId] = /^[\da-f]{2}-([\da-f]{32})-/.exec(String(request.headers.traceparent ?? '')) ?? [];
  response.writeHead(error.status, error.headers());
  response.end(request.method === 'HEAD' ? undefined : JSON.stringify(error.problem(traceId)));
}

/**
 * @param {(token: string) => Promise<Verified>} verify @param {RouteOptions} route
 * @returns {(request: any, response: any, next: (error?: unknown) => void) => Promise<void>}
 */
export function middlewareOf(verify, route) {
  return async (/** @type {Request} */ request, /** @type {import('node:http').ServerResponse} */ response, next) => {
    try {
      const auth = await verify(bearerOf(request));
      requireRights(auth, route);
      request.auth = auth;
    } catch (error) {
      if (error instanceof VerifyError) return answer(error, request, response);
      return next(error);
    }

    next(); // outside: what the route throws is not ours
  };
}
