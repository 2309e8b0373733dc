/** base64url in its one canonical form: no padding, no white space, no stray bits (RFC 7515 §2, RFC 4648 §3.5). Node's own decoder takes all of these. */

const ALPHABET = /^[A-Za-z0-9_-]+$/;

/** The bytes; null when the text is not canonical. @param {unknown} text @returns {Buffer | null} */
export function fromBase64url(text) {
  if (typeof text !== 'string' || text.length % 4 === 1 || !ALPHABET.test(text)) return null;
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : null;
}
