/** How a verifier stands, for its service's health endpoint. */

/** The keys are renewed every five minutes. */
const KEYS_FOR = 900;

/**
 * @typedef {object} Health
 * @property {'healthy' | 'degraded' | 'unhealthy'} status  degraded: the view is too old, and it asks or allows; unhealthy: no keys, or it refuses
 * @property {string} says
 * @property {number} keys
 * @property {number} keysAge  seconds
 * @property {number | null} viewAge  seconds since the view of what is revoked was last known to be current; null for never
 * @property {number} revocations  entries held
 * @property {number} resyncs  snapshots that became necessary
 * @property {number} ignored  entries of a kind that this version does not know: update
 */

/** @param {ReturnType<typeof import('./remote/sources.js').startSources>} sources @param {import('./demand.js').Demand} demand @returns {Health} */
export function healthOf({ keys, feed }, demand) {
  const [count, keysAge, age] = [keys.current?.size ?? 0, keys.age / 1000, feed === null ? Infinity : feed.age / 1000];
  const figures = { keys: count, keysAge, viewAge: age === Infinity ? null : age, revocations: feed?.denylist.count ?? 0, resyncs: feed?.counts.resyncs ?? 0, ignored: feed?.counts.ignored ?? 0 };
  if (count === 0) return { status: 'unhealthy', says: 'no verification keys yet; every token is answered 503.', ...figures };
  const [status, says] = ofView(feed !== null, age, demand);
  if (keysAge <= KEYS_FOR) return { status, says, ...figures };
  return { status: status === 'healthy' ? 'degraded' : status, says: `the issuer's keys could not be renewed for ${Math.round(keysAge / 60)} minutes; ${says}`, ...figures };
}

/** @param {boolean} hasFeed @param {number} age @param {import('./demand.js').Demand} demand @returns {[Health['status'], string]} */
function ofView(hasFeed, age, { mode, maxStaleness, whenStale }) {
  if (mode === 'offline' && !hasFeed) return ['healthy', 'keys are known; tokens count until they expire.'];
  if (age <= maxStaleness) return ['healthy', 'keys are known, what is revoked is current.'];
  switch (whenStale) {
    case 'allow': return ['degraded', 'what is revoked is not current; revoked tokens may pass until they expire.'];
    case 'ask': return ['degraded', 'what is revoked is not current; the authority is asked about each token.'];
    default: return ['unhealthy', 'what is revoked is not current; every token is answered 503.'];
  }
}
