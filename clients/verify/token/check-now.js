/** What depends on the instant and on what is revoked; runs on each request, also for a token that is remembered. */

/**
 * @param {import('./authenticate.js').AuthenticToken} token
 * @param {import('./authenticate.js').Policy} policy
 * @param {import('../revocation/denylist.js').Denylist | null} denylist  null to go by the token alone
 * @param {number} now  milliseconds since 1970
 * @returns {{ code: string, reason?: string } | null}  null when it passes
 */
export function checkNow(token, policy, denylist, now) {
  const { claims } = token;
  const seconds = now / 1000;
  if (!(Math.max(claims.iat, claims.nbf ?? 0) - seconds <= policy.clockSkew)) return { code: 'token_early' }; // so that a clock that is no number refuses
  if (seconds - claims.exp >= policy.clockSkew) return { code: 'token_expired' };
  if (claims.exp - claims.iat > policy.maxTokenAge) return { code: 'token_too_old' };
  return denylist?.find(token) ?? (claims.cnf ? { code: 'proof_required' } : null);
}
