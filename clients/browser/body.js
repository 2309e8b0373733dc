/** What can be sent once more, for adapters that hold the body themselves. */

/** @param {unknown} body @returns {boolean} whether it may be sent a second time; a stream is gone after the first */
export const replayable = (body) => body == null || typeof body !== 'object' || body instanceof ArrayBuffer || ArrayBuffer.isView(body)
  || [globalThis.Blob, globalThis.FormData, globalThis.URLSearchParams, globalThis.Document].some((kind) => kind && body instanceof kind);

/** As it is now: the caller may change it after `send`, as with the real one. @param {any} body @returns {any} */
export function snapshot(body) {
  if (body instanceof ArrayBuffer) return body.slice(0);
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice();
  if (body instanceof URLSearchParams) return new URLSearchParams(body);
  if (!(body instanceof FormData)) return body;
  const copy = new FormData();
  for (const [name, value] of body) copy.append(name, value);
  return copy;
}
