/** @import { Backoff } from './types.js' */

/**
 * How long to wait after the n-th failure in a row: doubling, with full jitter, and never shorter than the server asks.
 * @param {number} failures 1 for the first
 * @param {Backoff} [limits]
 * @param {number} [retryAfterMs]
 * @returns {number} ms
 */
export const backoff = (failures, { min = 500, max = 60_000, factor = 2 } = {}, retryAfterMs = 0) =>
  Math.max(retryAfterMs, 50 + Math.random() * Math.min(max, min * factor ** (failures - 1)));
