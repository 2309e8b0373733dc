/** Reads server-sent events (HTML Living Standard §9.2.6), each bounded. */

import { FormatError } from '../revocation/page.js';

/** The longest line, and the longest event. */
export const MAX_EVENT = 16 * 1024;
const NEWLINE = 10;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The events as they come; a comment, which says that the connection lives and nothing else, is the event `:`.
 * `retry` and what has no data are left out.
 * @param {AsyncIterable<Uint8Array>} body @returns {AsyncGenerator<{ kind: string, data: string }>}
 */
export async function* readEvents(body) {
  let rest = Buffer.alloc(0);
  let kind = '';
  /** @type {string | null} */
  let data = null;
  for await (const chunk of body) {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE, start)) {
      const line = decode(rest.subarray(start, end)).replace(/\r$/, '');
      start = end + 1;
      if (line === '') {
        if (data !== null) yield { kind, data };
        [kind, data] = ['', null];
      } else if (line.startsWith(':')) {
        yield { kind: ':', data: '' };
      } else {
        const [, name, value] = /** @type {RegExpExecArray} */ (/^([^:]*):? ?(.*)$/s.exec(line));
        if (name === 'event') kind = value;
        if (name === 'data') data = bounded(data === null ? value : `${data}\n${value}`);
      }
    }

    rest = rest.subarray(start);
    if (rest.length > MAX_EVENT) throw tooLong();
  } // an event that was not finished does not count
}

/** @param {Uint8Array} line */
function decode(line) {
  if (line.length > MAX_EVENT) throw tooLong();
  try {
    return utf8.decode(line);
  } catch {
    throw new FormatError('A line of the stream is not UTF-8.');
  }
}

/** @param {string} data */
function bounded(data) {
  if (data.length > MAX_EVENT) throw tooLong();
  return data;
}

const tooLong = () => new FormatError(`A line or an event of the stream is longer than ${MAX_EVENT} bytes.`);
