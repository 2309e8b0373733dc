import { aheadOf } from './expiry.js';
/** @import { AuthOptions, Session, TokenAnswer } from './types.js' */

/**
 * What a tab knows of the session between two refreshes. Instants are ms of the local clock, counted from the receipt of the
 * answer: a server's instant is never compared with the local clock.
 * @param {TokenAnswer} answer @param {number} receivedAt @param {AuthOptions} options @returns {Session}
 */
export function sessionFrom(answer, receivedAt, options) {
  const ttl = answer.expires_in;
  const after = (/** @type {number} */ seconds) => receivedAt + seconds * 1000;
  const claims = claimsOf(answer.access_token);
  return {
    sid: answer.session_id,
    sub: claims.sub,
    generation: answer.generation,
    claims,
    receivedAt,
    renewAt: after(ttl - aheadOf(ttl, options)),
    expiresAt: after(ttl),
    idleEndsAt: after(answer.refresh_expires_in),
    endsAt: after(answer.session_expires_in),
  };
}

/** Read, not verified: for what the page shows. @param {string} jwt @returns {any} {} if it cannot be read */
function claimsOf(jwt) {
  try {
    // escape() writes bytes as %XX, which decodeURIComponent() reads as UTF-8.
    return JSON.parse(decodeURIComponent(escape(atob(jwt.split('.')[1].replace(/-/g, '+').replace(/_/g, '/')))));
  } catch {
    return {};
  }
}
