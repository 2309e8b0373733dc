import { renewAt } from './renewal.js';

/**
 * What a tab holds in memory between two refreshes. Instants are ms of the local clock, counted from the receipt of the answer.
 * @typedef {object} Held
 * @property {string} token       the access token
 * @property {string} sid
 * @property {number} generation  of the refresh token in the cookie; the higher one is the newer one
 * @property {number} receivedAt
 * @property {number} renewAt
 * @property {number} expiresAt
 * @property {number} idleEndsAt  the session ends here unless it is refreshed before
 * @property {number} endsAt      the session ends here in any case
 */

/** @param {import('./api.js').Reply} reply with a token response @returns {Held} */
export function heldFrom({ body, receivedAt }) {
  const after = (seconds) => receivedAt + seconds * 1000;
  return {
    token: body.access_token,
    sid: body.session_id,
    generation: body.generation,
    receivedAt,
    renewAt: renewAt(receivedAt, body.expires_in * 1000),
    expiresAt: after(body.expires_in),
    idleEndsAt: after(body.refresh_expires_in),
    endsAt: after(body.session_expires_in),
  };
}

/** @param {Held} held @param {Held | null} than @returns {boolean} another session's token counts as newer */
export const isNewer = (held, than) => than?.sid !== held.sid || held.generation > than.generation;
