/**
 * What a view draws.
 * @typedef {object} Shown
 * @property {"loading" | "anonymous" | "active"} status  "active" without a session: signed in, but the server cannot be reached
 * @property {import('./symbolon/client.js').Session} [session]
 * @property {number} [expiresAt]
 * @property {string} [reason] why the last session ended
 */
/** @typedef {(draw: (shown: Shown) => void) => void} Follow */

export {};
