import { aheadOf } from './expiry.js';
/** @import { AuthOptions, Session, TokenAnswer } from './types.js' */

/**
 * What a tab holds between two refreshes. Instants are ms of the local clock, counted from the receipt of the answer: a server's
 * instant is never compared with the local clock.
 * @typedef {object} Held
 * @property {string} token  the access token
 * @property {string} sid
 * @property {number} generation  the higher one is the newer one
 * @property {number} renewAt
 * @property {number} expiresAt
 * @property {boolean} [doubt]  the clock has jumped
 * @property {Session} session  what the application sees
 */

/** @param {TokenAnswer} answer @param {number} at @param {AuthOptions} options @returns {Held} */
export function heldFrom(answer, at, options) {
  const { access_token: token, session_id: sid, generation, expires_in: ttl } = answer;
  const after = (/** @type {number} */ seconds) => at + seconds * 1000;
  const claims = claimsOf(token);
  const renewAt = after(ttl - aheadOf(ttl, options));
  return {
    token, sid, generation, renewAt,
    expiresAt: after(ttl),
    session: {
      sid, generation, renewAt, claims,
      sub: claims.sub,
      receivedAt: at,
      idleEndsAt: after(answer.refresh_expires_in),
      endsAt: after(answer.session_expires_in),
    },
  };
}

/** Read, not verified: for what the page shows. @param {string} jwt @returns {any} {} if it cannot be read */
function claimsOf(jwt) {
  try {
    const text = atob(jwt.split('.')[1].replace(/-/g, '+').replace(/_/g, '/'));
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (c) => c.charCodeAt(0))));
  } catch {
    return {};
  }
}
