/** The revocation log as JSON: pages and entries, read strictly and bounded. A page that is not exactly of its form is refused whole; members that are not known are passed over. */

import { isObject, isCount, member, parseObject } from '../token/strict-json.js';

/** The largest page that is read, in bytes. */
export const MAX_PAGE = 16 * 1024 * 1024;
const MAX_ENTRIES = 10_000, MAX_ID = 1024, MAX_TIMELINE = 64, MAX_DEPTH = 8, MAX_NUMBER = 0x7fff_ffff;

/**
 * @typedef {import('./denylist.js').Entry} Entry
 * @typedef {import('./denylist.js').Kind} Kind
 * @typedef {{ seq: number, entry: Entry | null }} Logged  null: of a kind that this version does not know
 * @typedef {{ timeline: string, since: number | null, seq: number, newest: number, now: number, maxTokenAge: number, entries: Logged[] }} Page
 */

/** The feed said something that is not of its form. */
export class FormatError extends Error {}

/** The member that names what an entry is about, and the one with its number. @type {Record<Kind, [key: string | null, number: string | null]>} */
const FORMS = { session: ['sid', null], token: ['jti', null], subject: ['sub', 'epoch'], claims: ['sub', 'version'], key: ['kid', null], era: [null, 'era'] };

/** @param {Uint8Array} bytes @returns {Page} */
export function readPage(bytes) {
  const json = parseObject(bytes, MAX_DEPTH);
  if (json === null) throw new FormatError('The page is not a JSON object with each member once.');
  const entries = member(json, 'entries');
  if (!Array.isArray(entries) || entries.length > MAX_ENTRIES) throw new FormatError(`The page has no array 'entries' of at most ${MAX_ENTRIES}.`);
  return {
    timeline: id(json, 'timeline', MAX_TIMELINE),
    since: Object.hasOwn(json, 'since') ? number(json, 'since') : null,
    seq: number(json, 'seq'),
    newest: number(json, 'newest'),
    now: instant(json, 'now'),
    maxTokenAge: number(json, 'max_token_age'),
    entries: entries.map(entryOf),
  };
}

/** @param {string} text @returns {Logged} */
export function readEntry(text) {
  const json = parseObject(text, MAX_DEPTH);
  if (json === null) throw new FormatError('The entry is not a JSON object with each member once.');
  return entryOf(json);
}

/** An instant with an offset; NaN for anything else. @param {unknown} value */
export function parseInstant(value) {
  const [, year, month, day] = (typeof value === 'string' && /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d(?::\d\d(?:\.\d{1,16})?)?(?:Z|[+-]\d\d:\d\d)$/.exec(value)) || [];
  const exists = year !== undefined && new Date(Date.UTC(+year, +month - 1, +day)).getUTCDate() === +day;
  return exists ? Date.parse(/** @type {string} */ (value)) : NaN;
}

/** @param {unknown} json @returns {Logged} */
function entryOf(json) {
  if (!isObject(json)) throw new FormatError('An entry is not a JSON object.');
  const seq = number(json, 'seq');
  if (seq === 0) throw new FormatError("'seq' counts from 1.");
  const kind = string(json, 'kind');
  if (kind === undefined) throw new FormatError("'kind' is missing.");
  if (!Object.hasOwn(FORMS, kind)) return { seq, entry: null };
  const [key, counter] = FORMS[/** @type {Kind} */ (kind)];
  const entry = {
    kind: /** @type {Kind} */ (kind),
    key: key === null ? '' : id(json, key, MAX_ID),
    number: counter === null ? 0 : number(json, counter, MAX_NUMBER),
    at: instant(json, 'at'),
    until: instant(json, 'until'),
    reason: string(json, 'reason'),
  };
  return { seq, entry };
}

/** @param {Record<string, unknown>} json @param {string} name */
function string(json, name) {
  const value = member(json, name);
  if (value !== undefined && typeof value !== 'string') throw new FormatError(`'${name}' is not a string.`);
  return value;
}

/** @param {Record<string, unknown>} json @param {string} name @param {number} maxLength */
function id(json, name, maxLength) {
  const value = string(json, name);
  if (value === undefined) throw new FormatError(`'${name}' is missing.`);
  if (value.length < 1 || value.length > maxLength) throw new FormatError(`'${name}' does not have 1 to ${maxLength} characters.`);
  return value;
}

/** @param {Record<string, unknown>} json @param {string} name @param {number} [max] */
function number(json, name, max = Number.MAX_SAFE_INTEGER) {
  const value = member(json, name);
  if (!isCount(value) || value > max) throw new FormatError(`'${name}' is missing, or not a whole number in its range.`);
  return value;
}

/** @param {Record<string, unknown>} json @param {string} name */
function instant(json, name) {
  const value = parseInstant(member(json, name));
  if (Number.isNaN(value)) throw new FormatError(`'${name}' is not an instant (RFC 3339).`);
  return value;
}
