/** @import { StoredSession } from './types.js' @import { Area } from './storage.js' */

/**
 * The attempt id of the refresh in progress: one for each (session, generation), written before the request leaves and removed
 * after its answer is stored; tabs share it. If the answer is lost, whoever asks next uses the same id, and the server knows an
 * honest retry from a thief.
 * @param {Area} area @param {string} key @param {StoredSession | null} session
 * @returns {string} 128 random bits in base64url
 */
export function attemptFor(area, key, session) {
  const [sid, generation] = [session?.sid, session?.generation];
  const kept = area.read(key);
  if (kept && kept.sid === sid && kept.generation === generation) return kept.id;
  const id = randomId();
  area.write(key, { sid, generation, id });
  return id;
}

/** @returns {string} */
export const randomId = () =>
  btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16)))).replace(/\W/g, (c) => ({ '+': '-', '/': '_' })[c] ?? '');
