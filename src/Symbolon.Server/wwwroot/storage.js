/**
 * What all tabs of this browser share: a few small facts in localStorage, none of them a secret.
 *
 * Neither token is ever written here. A script that is injected into the page can read localStorage at leisure, also
 * later; it cannot read an HttpOnly cookie, and a token in memory is gone with the tab.
 */

/** Stands in where localStorage is blocked or full: the page then works until it is reloaded. */
const memory = new Map();

/** @param {string} key @returns {any} the stored value, or null */
function read(key) {
  if (memory.has(key)) return memory.get(key);
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}

/** @param {string} key @param {any} value */
function write(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    memory.delete(key);
  } catch {
    memory.set(key, value);
  }
}

/** @param {string} key */
function remove(key) {
  memory.delete(key);
  try {
    localStorage.removeItem(key);
  } catch {
    // Blocked storage holds nothing to remove.
  }
}

/** @returns {string} 128 random bits in base64url, 22 characters */
function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/**
 * @typedef {object} Marker
 * @property {string} sid         the session that this browser's cookie belongs to
 * @property {number} generation  of the newest refresh token that a tab knows to be in the cookie jar
 */

/** Says that somebody is signed in, so that a first visit asks the server nothing. Removing it is what signs out. */
export const marker = {
  /** @returns {Marker | null} */
  read: () => read('symbolon.session'),
  /** @param {Marker} value */
  write: ({ sid, generation }) => write('symbolon.session', { sid, generation }),
  clear: () => remove('symbolon.session'),
};

/**
 * The attempt id of the refresh in progress: one per refresh token, written before the request leaves and removed after
 * its answer is stored. If the answer is lost (a cut line, a tab closed in mid-refresh), whoever asks next uses the same id,
 * and the server knows an honest retry from a thief. If the cookie had arrived but the page was gone, the id is used for
 * two tokens in a row; that costs nothing, since only this browser ever knew it.
 */
export const attempt = {
  /** @param {Marker} token @returns {string} */
  for({ sid, generation }) {
    const kept = read('symbolon.attempt');
    if (kept?.sid === sid && kept.generation === generation) return kept.id;
    const id = randomId();
    write('symbolon.attempt', { sid, generation, id });
    return id;
  },
  clear: () => remove('symbolon.attempt'),
};

/** A sign-out that the server has not confirmed yet: it is repeated as soon as the server can be reached. */
export const unfinishedSignOut = {
  exists: () => read('symbolon.signing-out') === true,
  write: () => write('symbolon.signing-out', true),
  clear: () => remove('symbolon.signing-out'),
};

/** @returns {string} this browser's own id: signing in again from here replaces its older session */
export function deviceId() {
  const kept = read('symbolon.device');
  if (typeof kept === 'string') return kept;
  const id = randomId();
  write('symbolon.device', id);
  return id;
}
