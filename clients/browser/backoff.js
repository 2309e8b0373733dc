/** @import { Backoff } from './types.js' */

/** A proxy may ask for a day; our server asks for seconds. */
const LONGEST_WISH_MS = 300_000;

/**
 * How long to wait after the n-th failure in a row: doubling, with full jitter, and not shorter than the server asks, if that is at most 5 minutes.
 * @param {number} failures 1 for the first
 * @param {Backoff} [limits]
 * @param {number} [retryAfterMs]
 * @returns {number} ms
 */
export const backoff = (failures, { min = 500, max = 60_000, factor = 2 } = {}, retryAfterMs = 0) =>
  Math.max(Math.min(retryAfterMs, LONGEST_WISH_MS), 50 + Math.random() * Math.min(max, min * factor ** (failures - 1)));
