import { AuthError } from './symbolon/client.js';

/** @param {string} path relative to the page, so that the page works under any path base @returns {URL} */
export const addressOf = (path) => new URL(path, document.baseURI);

/**
 * Reads an answer.
 * @param {Response} response
 * @returns {Promise<{ body: any, problem: any }>} parsed JSON or null; and the same if it is one of the server's problem documents (RFC 9457)
 */
export async function read(response) {
  const body = await response.clone().json().catch(() => null);
  return { body, problem: String(body?.type).startsWith('urn:symbolon:') ? body : null };
}

/** @param {Response} response @returns {Promise<any>} the body @throws {AuthError} also for a success that is not ours, such as a captive portal's */
export async function bodyOf(response) {
  const { status } = response;
  const { body, problem } = await read(response);
  if (status === 204 || (response.ok && body)) return body;
  throw new AuthError(problem?.code ?? 'not_symbolon', { status, problem });
}
