/** The mock refused a call; its message is what it expected. */
export class Refused extends Error {}

/**
 * One control call, relative to the page.
 * @param {string} method @param {string} path @param {object} [body]
 * @returns {Promise<any>} the answer's JSON; null for 204
 * @throws {Refused | TypeError} the latter if nothing answers
 */
export async function call(method, path, body) {
  const response = await fetch(path, {
    method,
    headers: { accept: 'application/json', ...(body && { 'content-type': 'application/json' }) },
    body: body && JSON.stringify(body),
    cache: 'no-store',
  });
  if (response.status === 204) return null;
  const json = await response.json().catch(() => null);
  if (!response.ok || json === null) throw new Refused(json?.detail ?? json?.title ?? `${response.status}`);
  return json;
}
