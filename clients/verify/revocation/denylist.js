/**
 * What this verifier holds to be revoked: the fold of the revocation log. Exact in both directions. It only grows, but for entries whose time has passed:
 * no feed, snapshot or restart can make a revoked token count again.
 */

import { knownReason } from '../problems.js';

/**
 * @typedef {'session' | 'token' | 'subject' | 'claims' | 'key' | 'era'} Kind
 * @typedef {{ kind: Kind, key: string, number: number, at: number, until: number, reason?: string }} Entry
 * @typedef {{ number: number, until: number, reason?: string }} Held
 */

const MINUTE = 60_000;

export class Denylist {
  /** @type {Record<Kind, Map<string, Held>>} */
  #held = { session: new Map(), token: new Map(), subject: new Map(), claims: new Map(), key: new Map(), era: new Map() };

  get count() {
    return Object.values(this.#held).reduce((sum, map) => sum + map.size, 0);
  }

  /** Of two entries about the same thing the higher number counts, the newer of equal ones, and the later end. @param {Entry} entry */
  add({ kind, key, number, until, reason }) {
    if (key === '' && kind !== 'era') return; // the id of nothing
    const held = this.#held[kind].get(key);
    const newer = { number, until, reason: knownReason(reason) };
    const kept = held && held.number > number ? held : newer;
    this.#held[kind].set(key, { ...kept, until: Math.max(until, held?.until ?? until) });
  }

  /**
   * Drops what every token it concerns has outlived: entries whose `until`, rounded up to a whole minute, has passed.
   * @param {number} now  the earlier of this machine's clock and the authority's: one that was set ahead must not drop anything
   */
  dropPassed(now) {
    const minute = Math.floor(now / MINUTE);
    for (const map of Object.values(this.#held)) {
      for (const [key, { until }] of map) {
        if (Math.ceil(until / MINUTE) <= minute) map.delete(key);
      }
    }
  }

  /** Whether a token is revoked, and why. @param {import('../token/authenticate.js').AuthenticToken} token @returns {{ code: string, reason?: string } | null} */
  find({ claims, kid }) {
    const { session, token, subject, era, key, claims: versions } = this.#held;
    const hard = token.get(claims.jti) ?? (claims.sid === undefined ? undefined : session.get(claims.sid)) ?? above(subject.get(claims.sub), claims.ep) ?? above(era.get(''), claims.er) ?? key.get(kid);
    if (hard) return { code: 'token_revoked', ...(hard.reason === undefined ? {} : { reason: hard.reason }) };
    return above(versions.get(claims.sub), claims.cv) ? { code: 'claims_stale' } : null;
  }
}

/** A token that does not say is below every number that was raised. @param {Held | undefined} held @param {number | undefined} own */
const above = (held, own) => (held && (own ?? 0) < held.number ? held : undefined);
