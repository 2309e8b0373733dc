/**
 * JSON as tokens, key sets and the feed may carry it: one object, valid UTF-8, no member twice, bounded depth, no lone surrogates.
 * `JSON.parse` keeps the last of two equal names; another parser keeps the first, and the two then read two different tokens.
 */

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @typedef {Record<string, unknown>} JsonObject */

/**
 * The object; null when the text is not one.
 * @param {Uint8Array | string} json @param {number} maxDepth @returns {JsonObject | null}
 */
export function parseObject(json, maxDepth) {
  try {
    const text = typeof json === 'string' ? json : utf8.decode(json);
    if (!isSound(text, maxDepth)) return null;
    const value = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** @param {unknown} value @returns {value is JsonObject} */
export const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A member of the object itself; undefined when there is none. @param {JsonObject} json @param {string} name @returns {unknown} */
export const member = (json, name) => (Object.hasOwn(json, name) ? json[name] : undefined);

/** A text; undefined when it is missing or something else. @param {JsonObject} json @param {string} name */
export function text(json, name) {
  const value = member(json, name);
  return typeof value === 'string' ? value : undefined;
}

/** A whole number that is not negative; undefined when it is missing or something else. @param {JsonObject} json @param {string} name */
export function count(json, name) {
  const value = member(json, name);
  return isCount(value) ? value : undefined;
}

/** Beyond 2^53 a number is not the one that was written. @param {unknown} value @returns {value is number} */
export const isCount = (value) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

/**
 * One pass over brackets and strings. Says nothing about the grammar: `JSON.parse` comes after it.
 * @param {string} json @param {number} maxDepth
 */
function isSound(json, maxDepth) {
  /** For each open bracket the names of its members; null for an array. @type {(Set<string> | null)[]} */
  const open = [];
  let expectsName = false;
  for (let at = 0; at < json.length; at++) {
    switch (json[at]) {
      case '{':
      case '[':
        if (open.length === maxDepth) return false;
        expectsName = json[at] === '{';
        open.push(expectsName ? new Set() : null);
        break;
      case '}':
      case ']':
        open.pop();
        expectsName = false;
        break;
      case ',':
        expectsName = Boolean(open.at(-1));
        break;
      case '"': {
        const end = endOfString(json, at);
        if (end < 0) return false;
        const raw = json.slice(at, end + 1);
        const isEscaped = raw.includes('\\');
        if (isEscaped || expectsName) {
          const value = isEscaped ? JSON.parse(raw) : raw.slice(1, -1);
          if (!value.isWellFormed()) return false;
          const names = expectsName ? open.at(-1) : null;
          if (names?.has(value)) return false;
          names?.add(value);
        }

        expectsName = false;
        at = end;
        break;
      }
    }
  }

  return true;
}

/** @param {string} json @param {number} start */
function endOfString(json, start) {
  for (let at = start + 1; ; at++) {
    at = json.indexOf('"', at);
    if (at < 0) return -1;
    let escapes = 0;
    while (json[at - 1 - escapes] === '\\') escapes++;
    if (escapes % 2 === 0) return at;
  }
}
