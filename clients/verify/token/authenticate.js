/** What depends on the token, the keys and the policy alone. First failure wins, each with a stable code (DESIGN §5). */

import { compactVerify } from 'jose';
import { fromBase64url } from './base64url.js';
import { readClaims } from './claims.js';
import { parseObject, text } from './strict-json.js';

export const MAX_TOKEN = 8 * 1024;
const MAX_HEADER = 1024, HEADER_DEPTH = 4, TYPE = 'at+jwt';

/**
 * @typedef {import('./claims.js').Claims} Claims
 * @typedef {import('jose').CompactVerifyGetKey} GetKey
 * @typedef {{ alg: string, key: any }} VerificationKey
 * @typedef {ReadonlyMap<string, VerificationKey>} Keys
 * @typedef {{ issuer: string, audiences: string[], algorithms: string[], clockSkew: number, maxTokenAge: number }} Policy
 * @typedef {{ claims: Claims, kid: string }} AuthenticToken
 */

/**
 * The token, or the code of what is wrong with it.
 * @param {string} token @param {Keys} keys @param {Policy} policy @returns {Promise<AuthenticToken | string>}
 */
export async function authenticate(token, keys, policy) {
  if (token.length > MAX_TOKEN) return 'token_malformed';
  const parts = token.split('.', 4);
  const [header, payload, signature] = parts.map(fromBase64url);
  if (parts.length !== 3 || !header || !payload || !signature || header.length > MAX_HEADER) return 'token_malformed';

  const read = parseObject(header, HEADER_DEPTH);
  if (read === null) return 'token_malformed';
  const [typ, alg, kid] = [text(read, 'typ'), text(read, 'alg'), text(read, 'kid')];
  if (typ === undefined || typ.replace(/^application\//i, '').toLowerCase() !== TYPE) return 'token_type';
  if (['crit', 'zip', 'b64'].some((name) => Object.hasOwn(read, name))) return 'token_malformed'; // they change what the bytes mean
  if (alg === undefined || !policy.algorithms.includes(alg)) return 'token_algorithm';
  const key = kid === undefined ? undefined : keys.get(kid);
  if (kid === undefined || key?.alg !== alg) return 'token_key';
  if (!(await isSigned(token, key))) return 'token_signature';

  const claims = readClaims(payload);
  if (claims === null) return 'token_claims';
  if (claims.iss !== policy.issuer) return 'token_issuer';
  if (![claims.aud].flat().some((name) => policy.audiences.includes(name))) return 'token_audience';
  return claims.exp > claims.iat ? { claims, kid } : 'token_claims';
}

/** @param {string} token @param {VerificationKey} key */
async function isSigned(token, { alg, key }) {
  try {
    await compactVerify(token, key, { algorithms: [alg] });
    return true;
  } catch {
    return false; // everything that jose could dislike but the signature was checked before
  }
}
