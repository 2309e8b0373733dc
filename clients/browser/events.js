/** @typedef {ReturnType<typeof openListeners>} Listeners */

/** Listeners, each told in a microtask of its own: one that throws, asks for a refresh itself or never ends holds up nobody. */
export function openListeners() {
  /** @type {Set<[name: string, hear: (event: any) => void]>} */
  const all = new Set();
  /** @type {[string, any][]} */
  const noted = [];
  const listeners = {
    /** The event whose listener is being called. */
    telling: '',
    /** @param {string} name @param {(event: any) => void} hear @returns {() => void} */
    on(name, hear) {
      /** @type {[string, typeof hear]} */
      const entry = [name, hear];
      all.add(entry);
      return () => void all.delete(entry);
    },
    /** What `flush` will tell: after waiters have been answered and the lock was released. @param {string} name @param {any} event */
    note(name, event) {
      noted.push([name, event]);
    },
    flush() {
      for (const [name, event] of noted.splice(0)) {
        all.forEach(([of, hear]) => of === name && queueMicrotask(() => {
          listeners.telling = name;
          try {
            // What it throws is reported as for any listener of the page.
            hear(event);
          } finally {
            listeners.telling = '';
          }
        }));
      }
    },
    clear: () => all.clear(),
  };
  return listeners;
}
