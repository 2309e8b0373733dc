/**
 * JSON in localStorage or sessionStorage. Where that is blocked or full, memory stands in: all works until the page is
 * reloaded, in this tab.
 * @typedef {object} Area
 * @property {(key: string) => any} read  null if there is nothing
 * @property {(key: string, value: object | null) => void} write  null removes
 */

/** @param {"local" | "session" | "memory"} kind @returns {Area} */
export function openArea(kind) {
  /** @type {Map<string, any>} */
  const memory = new Map();
  // There is no memoryStorage, so that this throws; as it does for the others where they are blocked.
  const storage = () => /** @type {any} */ (window)[`${kind}Storage`];
  return {
    /** @param {string} key */
    read(key) {
      if (memory.has(key)) return memory.get(key);
      try {
        return JSON.parse(storage().getItem(key));
      } catch {
        return null;
      }
    },
    /** @param {string} key @param {object | null} value */
    write(key, value) {
      try {
        if (value) storage().setItem(key, JSON.stringify(value));
        else storage().removeItem(key);
        memory.delete(key);
      } catch {
        memory.set(key, value);
      }
    },
  };
}
