/** What an authentic token says, read strictly: required claims present and not empty, every known one of its type (RFC 9068 §2.2, DESIGN §5). */

import { fromBase64url } from './base64url.js';
import { isObject, parseObject } from './strict-json.js';

const MAX_DEPTH = 32;
const EARLIEST = -62_135_596_800, LATEST = 253_402_300_799; // the years 1 to 9999
const REQUIRED = ['iss', 'sub', 'aud', 'exp', 'iat', 'jti', 'client_id'];

/** @param {unknown} value */
const isText = (value) => typeof value === 'string';
/** @param {unknown} value */
const isTexts = (value) => Array.isArray(value) && value.every(isText);
/** One text, or several, none of them empty (RFC 7519 §4.1.3). @param {unknown} value */
const isAudience = (value) => (isText(value) ? value !== '' : isTexts(value) && /** @type {string[]} */ (value).length > 0 && !(/** @type {string[]} */ (value).includes('')));
/** Seconds since 1970, also with a fraction (RFC 7519 §2). @param {unknown} value */
const isInstant = (value) => typeof value === 'number' && value >= EARLIEST && value <= LATEST;
/** Eras, epochs and versions only count up. @param {unknown} value */
const isNumber = (value) => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0x7fff_ffff;
/** A confirmation by a method that cannot be checked must refuse the token, not be ignored (RFC 7800 §3.1). @param {unknown} value */
const isConfirmation = (value) => isObject(value) && Object.keys(value).length === 1 && fromBase64url(value.jkt)?.length === 32;

/** @type {Map<string, (value: unknown) => boolean>} */
const KINDS = new Map(Object.entries({
  iss: isText, sub: isText, aud: isAudience, exp: isInstant, iat: isInstant, jti: isText, client_id: isText, nbf: isInstant, sid: isText, auth_time: isInstant,
  acr: isText, amr: isTexts, roles: isTexts, scope: isText, er: isNumber, ep: isNumber, cv: isNumber, cnf: isConfirmation, gen: isNumber, br: isText,
}));

/**
 * @typedef {{ iss: string, sub: string, aud: string | string[], exp: number, iat: number, jti: string, client_id: string, nbf?: number, sid?: string, auth_time?: number,
 *   acr?: string, amr?: string[], roles?: string[], scope?: string, er?: number, ep?: number, cv?: number, cnf?: { jkt: string }, [name: string]: unknown }} Claims
 */

/** The claims, frozen; null when they cannot be believed although the signature is right. @param {Uint8Array} json @returns {Claims | null} */
export function readClaims(json) {
  const claims = parseObject(json, MAX_DEPTH);
  if (claims === null || REQUIRED.some((name) => !Object.hasOwn(claims, name) || claims[name] === '')) return null;
  for (const [name, value] of Object.entries(claims)) {
    if (KINDS.get(name)?.(value) === false) return null;
  }

  return /** @type {Claims} */ (freeze(claims)); // remembered, and handed to every request of the token
}

/** @template T @param {T} value @returns {T} */
function freeze(value) {
  if (typeof value !== 'object' || value === null) return value;
  Object.values(value).forEach(freeze);
  return Object.freeze(value);
}
