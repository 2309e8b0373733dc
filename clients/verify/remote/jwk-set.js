/**
 * Reads a set of public keys (RFC 7517 §5). Keys of a type, curve, algorithm, size or use that we do not have are passed over; a private member, a malformed key
 * or two keys with one `kid` refuse the whole set.
 */

import { importJWK } from 'jose';
import { FormatError } from '../revocation/page.js';
import { fromBase64url } from '../token/base64url.js';
import { isObject, parseObject } from '../token/strict-json.js';

/** The largest set that is read, in bytes. */
export const MAX_SET = 256 * 1024;
const MAX_DEPTH = 8, MIN_RSA = 2048, MAX_RSA = 8192; // a giant key makes each verification a denial of service
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth'];
/** @type {Record<string, { kty: string, crv?: string, length?: number }>} */
const ALGORITHMS = { ES256: { kty: 'EC', crv: 'P-256', length: 32 }, ES384: { kty: 'EC', crv: 'P-384', length: 48 }, RS256: { kty: 'RSA' }, PS256: { kty: 'RSA' } };

/**
 * @typedef {{ kid: string, alg: string, kty: string, crv?: string, x?: string, y?: string, n?: string, e?: string }} PublicKey
 */

/**
 * The keys that can be used here, in the order of their ids, and the same keys to verify with.
 * @param {Uint8Array | string} json @param {boolean} derivesAlgorithms
 * @returns {Promise<{ published: string, keys: Map<string, import('../token/authenticate.js').VerificationKey> }>}
 */
export async function readJwks(json, derivesAlgorithms) {
  const set = json.length <= MAX_SET ? parseObject(json, MAX_DEPTH) : null;
  if (set === null || !Array.isArray(set.keys)) throw new FormatError("The key set is too large, or not a JSON object without duplicate members and with an array 'keys'.");
  /** @type {Map<string, PublicKey>} */
  const found = new Map();
  for (const entry of set.keys) {
    const jwk = readKey(entry, derivesAlgorithms);
    if (jwk === null) continue;
    if (found.has(jwk.kid)) throw new FormatError("Two keys of the set have the same 'kid'.");
    found.set(jwk.kid, jwk);
  }

  if (found.size === 0) throw new FormatError("The key set has no key with 'kid' and 'alg' that can be used here.");
  const sorted = [...found.values()].sort((a, b) => (a.kid < b.kid ? -1 : 1));
  const keys = new Map();
  for (const { kid, alg, ...jwk } of sorted) keys.set(kid, { alg, key: await imported(jwk, alg) });
  return { published: JSON.stringify(sorted), keys };
}

/** The key; null when it is of a kind that is passed over. @param {unknown} json @param {boolean} derivesAlgorithms @returns {PublicKey | null} */
function readKey(json, derivesAlgorithms) {
  if (!isObject(json)) throw new FormatError('A key must be a JSON object.');
  const lost = PRIVATE.find((name) => Object.hasOwn(json, name));
  if (lost) throw new FormatError(`A key has the private member '${lost}'. Publish public keys only, and replace this one.`);
  const { kty, use, key_ops: operations } = json;
  if (typeof kty !== 'string') throw new FormatError("A key has no 'kty'.");
  if (kty !== 'EC' && kty !== 'RSA') return null;
  for (const name of ['crv', 'x', 'y', 'n', 'e', 'kid', 'alg', 'use']) {
    if (Object.hasOwn(json, name) && typeof json[name] !== 'string') throw new FormatError(`'${name}' of a key must be a string.`);
  }

  const { crv, x, y, n, e, kid, alg = derivesAlgorithms ? derived(kty, json.crv) : undefined } = /** @type {Record<string, string | undefined>} */ (json);
  if (kid === '') throw new FormatError("'kid' of a key is empty.");
  if ((use !== undefined && use !== 'sig') || (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify')))) return null;
  if (kty === 'EC' && crv === undefined) throw new FormatError("An EC key has no 'crv'.");
  if ((kty === 'EC' && crv !== 'P-256' && crv !== 'P-384') || alg === undefined || !Object.hasOwn(ALGORITHMS, alg)) return null;
  const form = ALGORITHMS[alg];
  if (form.kty !== kty || form.crv !== (kty === 'EC' ? crv : undefined)) throw new FormatError(`A key's type does not go with its 'alg' ${alg}.`);
  if (kty === 'EC') checkPoint(x, y, /** @type {number} */ (form.length));
  else if (!isRsaInRange(n, e)) return null;
  return kid === undefined ? null : kty === 'EC' ? { kid, alg, kty, crv, x, y } : { kid, alg, kty, n, e };
}

/** @param {unknown} x @param {unknown} y @param {number} length */
function checkPoint(x, y, length) {
  if (fromBase64url(x)?.length !== length || fromBase64url(y)?.length !== length) throw new FormatError(`'x' and 'y' of a key must be base64url of exactly ${length} bytes.`);
}

/** @param {unknown} n @param {unknown} e */
function isRsaInRange(n, e) {
  const [modulus, exponent] = [fromBase64url(n), fromBase64url(e)];
  if (!modulus?.[0] || !exponent?.[0]) throw new FormatError("'n' and 'e' of a key must be base64url of a number without leading zeros.");
  const bits = modulus.length * 8 - Math.clz32(modulus[0]) + 24;
  if (bits < MIN_RSA || bits > MAX_RSA) return false;
  const isOdd = (modulus[modulus.length - 1] & exponent[exponent.length - 1] & 1) === 1;
  if (!isOdd || exponent.length > 8 || (exponent.length === 1 && exponent[0] === 1)) throw new FormatError("'n' and 'e' of a key must be odd, and 'e' between 3 and 2^64.");
  return true;
}

/** The curve decides. RSA means RS256, which RFC 9068 §2.1 requires of everybody. @param {string} kty @param {unknown} crv */
const derived = (kty, crv) => (kty === 'RSA' ? 'RS256' : crv === 'P-256' ? 'ES256' : crv === 'P-384' ? 'ES384' : undefined);

/** @param {import('jose').JWK} jwk @param {string} alg */
async function imported(jwk, alg) {
  try {
    return await importJWK(jwk, alg);
  } catch {
    throw new FormatError("A key's numbers are not a key: the point is not on the curve, or 'n' and 'e' are none.");
  }
}
