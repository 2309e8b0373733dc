/** @import { Logger } from './types.js' */

/** @typedef {ReturnType<typeof openListeners>} Listeners */

/**
 * Listeners, each told in a microtask of its own: one that throws, asks for a refresh itself or never ends holds up nobody.
 * @param {Logger | undefined} log
 */
export function openListeners(log) {
  /** @type {Set<{ name: string, hear: (event: any) => void }>} */
  const all = new Set();
  /** @type {[string, any][]} */
  let waiting = [];
  const listeners = {
    /** The event whose listeners are being called. */
    telling: '',
    /** @param {string} name @param {(event: any) => void} hear @returns {() => void} */
    on(name, hear) {
      const entry = { name, hear };
      all.add(entry);
      return () => void all.delete(entry);
    },
    /** Notes an event; it is told by the next `flush`, which comes after waiters have been answered and the lock released. @param {string} name @param {any} event */
    note(name, event) {
      waiting.push([name, event]);
    },
    flush() {
      const now = waiting;
      waiting = [];
      for (const [name, event] of now) {
        for (const entry of all) {
          if (entry.name === name) {
            queueMicrotask(() => {
              if (!all.has(entry)) return;
              listeners.telling = name;
              try {
                entry.hear(event);
              } catch (error) {
                log?.warn?.('a listener threw', { name, error });
                globalThis.reportError?.(error);
              }
              listeners.telling = '';
            });
          }
        }
      }
    },
    clear: () => all.clear(),
  };
  return listeners;
}
