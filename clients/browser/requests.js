import { attachRule } from './attach.js';
import { isOurs, signer } from './call.js';
import { AuthError } from './errors.js';
import { abortable } from './renewal.js';
/**
 * @import { AuthOptions } from './types.js'
 * @import { SessionHere } from './session.js'
 * @import { Send } from './call.js'
 * @import { Listeners } from './events.js'
 */

const HOPELESS_MS = 30_000;

/**
 * Whether a 401 means that our token was refused: it says so itself (RFC 6750), or it is one of our problem documents.
 * @param {Response} response
 */
async function saysRefused(response) {
  if (/\bbearer\b.*error="?invalid_token/i.test(response.headers.get('www-authenticate') ?? '')) return true;
  const body = await response.clone().json().catch(() => null);
  return isOurs(body) && /^(token|claims)_/.test(body.code);
}

/**
 * `auth.fetch`: with a fresh token where that may go; if it is refused, one refresh for all, and one more try.
 * @param {SessionHere} session
 * @param {{ token: (options: { signal?: AbortSignal }) => Promise<string | null>, refresh: (ifToken: string) => Promise<unknown> }} renewal
 * @param {AuthOptions} options @param {Send} send @param {URL} base @param {Listeners} listeners
 * @returns {{ request: (make: () => Request, always?: boolean) => Promise<Response>, rules: import('./inside.js').Inside }} `request` takes what makes the request, since one that was sent cannot be sent again
 */
export function openRequests(session, renewal, options, send, base, listeners) {
  const mayAttach = attachRule(options.attach, base);
  const refuses = options.retry401 ?? saysRefused;

  // A token that was refused though it was brand new: this API refuses us for another reason, and each further refresh would be in vain.
  let hopeless = { token: '', until: 0 };

  /** @type {import('./inside.js').Inside} */
  const rules = {
    mayAttach,
    held: () => session.held?.token ?? null,
    sign: signer(options),
    // From elsewhere, after a redirect, a 401 is not ours.
    isRefused: async (response, request) =>
      response.status === 401 && !(response.redirected && !mayAttach(new URL(response.url))) && refuses(response, request),
    async newer(token, request) {
      if (token && !(token === hopeless.token && session.now() < hopeless.until)) await abortable(renewal.refresh(token), request.signal);
      if (!session.signedIn) {
        listeners.note('login-needed', { request });
        session.publish();
      }
      const newer = session.held?.token;
      return newer && newer !== token ? newer : null;
    },
    refusedAgain: (token) => {
      hopeless = { token, until: session.now() + HOPELESS_MS };
    },
  };

  /** @type {(make: () => Request, always?: boolean) => Promise<Response>} */
  const request = async (make, always) => {
    /** @type {Request | undefined} */
    let ready = make();
    const next = () => {
      const request = ready ?? make();
      ready = undefined;
      return request;
    };
    const request = ready;
    if (!(always || mayAttach(new URL(request.url))) || request.headers.has('authorization')) return send(next);

    const token = await renewal.token({ signal: request.signal });
    const response = await send(next, token);
    if (!(await rules.isRefused(response, request))) return response;
    const newer = await rules.newer(token, request);
    if (!newer) return response;
    try {
      ready = make();
    } catch (cause) {
      throw new AuthError('body_not_replayable', { response, cause });
    }
    const second = await send(next, newer);
    if (await rules.isRefused(second, request)) rules.refusedAgain(newer);
    return second;
  };
  return { request, rules };
}
