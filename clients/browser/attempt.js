/** @import { StoredSession } from './types.js' @import { Area } from './storage.js' */

/**
 * The attempt id of the refresh in progress: one for each (session, generation), written before the request leaves and removed
 * after its answer is stored; tabs share it. If the answer is lost, whoever asks next uses the same id, and the server knows an
 * honest retry from a thief.
 * @param {Area} area @param {string} key @param {StoredSession} session
 * @returns {string}
 */
export function attemptFor(area, key, session) {
  const of = `${session.sid} ${session.generation}`;
  const kept = area.read(key);
  if (kept?.of === of) return kept.id;
  const id = randomId();
  area.write(key, { of, id });
  return id;
}

/** @returns {string} 160 random bits, in digits and dashes */
export const randomId = () => crypto.getRandomValues(new Uint32Array(5)).join('-');
