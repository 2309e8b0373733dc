/** Refusals as a client gets them: problem documents (RFC 9457) with the stable codes of DESIGN §7, in the same words as the .NET verifier's. */

import { randomBytes } from 'node:crypto';

export const PROBLEM_TYPE = 'application/problem+json';

/** @type {Record<string, [title: string, detail: string]>} */
const TOKEN = {
  token_malformed: ['The access token is malformed.', 'Send the token exactly as it was issued: three base64url parts with dots between, nothing added or cut off.'],
  token_type: ['This is not an access token.', 'Send an access token (typ at+jwt), not an ID token, a refresh token or another kind of JWT.'],
  token_algorithm: ["The access token's algorithm is not accepted.", 'Have the token issued with an algorithm that this service accepts.'],
  token_key: ["The access token's key is not known.", "Refresh the token; if that does not help, the service has not seen the issuer's current keys yet, so try again shortly."],
  token_signature: ["The access token's signature is wrong.", 'The token was altered or was not made by the issuer; refresh it.'],
  token_claims: ["The access token's claims are incomplete or malformed.", 'Have the issuer include every required claim with the right type, each of them once.'],
  token_issuer: ['The access token is from another issuer.', 'Log in at the issuer that this service trusts.'],
  token_audience: ['The access token is for another audience.', 'Ask the issuer for a token whose audience includes this service.'],
  token_early: ['The access token is not valid yet.', 'Try again shortly; if it persists, the clocks of issuer and service disagree.'],
  token_expired: ['The access token has expired.', 'Refresh the token and send the request again.'],
  token_too_old: ['The access token was made to live longer than this service allows.', "Refresh the token; if it persists, the issuer's lifetime is longer than this service's limit."],
  token_revoked: ['The access token was revoked.', 'Refresh the token; if its session has ended, log in again.'],
  claims_stale: ["The account's claims changed since the access token was issued.", 'Refresh the token and send the request again.'],
  proof_required: ['The access token is bound to a key that the request did not prove.', 'Send the proof of possession together with the token.'],
};

/** @type {Record<string, { status: number, title: string, detail: string, challenge?: string, retryAfter?: number }>} */
const OTHER = {
  token_missing: { status: 401, title: 'An access token is required.', detail: 'Log in and send the access token in the Authorization header: Bearer, a space, the token.', challenge: 'Bearer' },
  role_missing: { status: 403, title: 'A role is missing.', detail: 'The account lacks a role that this needs. Ask an administrator for it.', challenge: 'Bearer error="insufficient_scope"' },
  scope_missing: { status: 403, title: 'A scope is missing.', detail: 'The access token lacks a scope that this needs. Have it issued with the scope.', challenge: 'Bearer error="insufficient_scope"' },
  unavailable: { status: 503, title: 'The service cannot do this now.', detail: 'What you asked for may not have been done. Try again after a moment.', retryAfter: 2 },
  view_stale: { status: 503, title: 'The service cannot say now whether the session is still alive.', detail: 'The access token may be fine: keep it, and try again after a moment.', retryAfter: 2 },
};

/** A refusal. Its message is the code; it never holds the token. */
export class VerifyError extends Error {
  /** @param {string} code @param {{ reason?: string, scope?: string }} [more] */
  constructor(code, { reason, scope } = {}) {
    super(code);
    this.name = 'VerifyError';
    const token = TOKEN[code];
    const { status, title, detail, challenge, retryAfter } = token
      ? { status: 401, title: token[0], detail: token[1], challenge: `Bearer error="invalid_token", error_description="${code}"`, retryAfter: undefined }
      : OTHER[code];
    /** Stable code, such as `token_revoked`. */
    this.code = code;
    /** HTTP status to answer. */
    this.status = status;
    /** Why the session ended, where it did and that is known. */
    this.reason = reason;
    /** Value of `WWW-Authenticate` (RFC 6750 §3); undefined for none. */
    this.wwwAuthenticate = challenge && scope ? `${challenge}, scope="${scope}"` : challenge;
    /** Seconds after which to try again; undefined when that does not help. */
    this.retryAfter = retryAfter;
    this.title = title;
    this.detail = detail;
  }

  /** The document to answer. @param {string} [traceId] */
  problem(traceId = randomBytes(16).toString('hex')) {
    const { code, title, status, detail, reason } = this;
    return { type: `urn:symbolon:${code}`, title, status, detail, code, ...(reason === undefined ? {} : { reason }), trace_id: traceId };
  }

  /** The headers to answer. @returns {Record<string, string>} */
  headers() {
    return {
      'content-type': PROBLEM_TYPE,
      'cache-control': 'no-store',
      ...(this.retryAfter === undefined ? {} : { 'retry-after': `${this.retryAfter}` }),
      ...(this.wwwAuthenticate === undefined ? {} : { 'www-authenticate': this.wwwAuthenticate }),
    };
  }
}

const REASONS = new Set(['logout', 'ended_by_user', 'ended_by_admin', 'refresh_reuse', 'password_changed', 'account_disabled', 'account_deleted',
  'all_ended', 'inactivity', 'absolute_lifetime', 'session_limit', 'replaced', 'risk']);

/** An end reason that this version knows; another is passed over. @param {string | undefined} reason */
export const knownReason = (reason) => (reason !== undefined && REASONS.has(reason) ? reason : undefined);
