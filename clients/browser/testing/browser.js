/**
 * As much of a browser as the client touches, for Node: storage, locks, a window that fires events, and `fetch` with a cookie
 * jar. Tabs are clients in one process; they share the storage, the jar, the locks and the channel, as in a browser.
 */

const storages = { local: new Map(), session: new Map() };
const jar = new Map();
/** @type {Map<string, { run: () => void }[]>} */
let queues = new Map();

/** @param {Map<string, string>} values */
const storage = (values) => ({
  getItem: (/** @type {string} */ key) => values.get(key) ?? null,
  setItem: (/** @type {string} */ key, /** @type {string} */ value) => void values.set(key, value),
  removeItem: (/** @type {string} */ key) => void values.delete(key),
});

/** Web Locks, exclusive ones: what Node 20 does not have. */
export const locks = {
  request(name, { signal, steal } = {}, work) {
    return new Promise((resolve, reject) => {
      const queue = queues.get(name) ?? queues.set(name, []).get(name);
      const entry = {
        run() {
          entry.running = true;
          Promise.resolve().then(work).then(resolve, reject).finally(() => {
            if (queue[0] !== entry) return;
            queue.shift();
            queue[0]?.run();
          });
        },
        stolen: () => reject(new DOMException('stolen', 'AbortError')),
      };
      if (steal) queue.splice(0, queue[0]?.running ? 1 : 0).forEach((holder) => holder.stolen());
      if (steal) queue.unshift(entry);
      else queue.push(entry);
      signal?.addEventListener('abort', () => {
        if (entry.running) return;
        queue.splice(queue.indexOf(entry), 1);
        reject(signal.reason);
      });
      if (queue[0] === entry) entry.run();
    });
  },
};

/** Puts the browser's globals in place; a new browser each time. @param {{ url: string, locks?: object | null, storage?: boolean }} options */
export function openBrowser({ url, locks: manager = locks, storage: works = true }) {
  storages.local.clear();
  storages.session.clear();
  jar.clear();
  queues = new Map();
  const window = Object.assign(new EventTarget(), works ? { localStorage: storage(storages.local), sessionStorage: storage(storages.session) } : {});
  const globals = { window, document: { baseURI: url, hidden: false }, navigator: { onLine: true, locks: manager ?? undefined } };
  for (const [name, value] of Object.entries(globals)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  return { window, stored: storages.local, jar, fire: (/** @type {string} */ type, more = {}) => window.dispatchEvent(Object.assign(new Event(type), more)) };
}

/** `fetch` as a browser's: with the jar. @param {Request} request */
export async function jarFetch(request) {
  if (jar.size > 0) request.headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '));
  const response = await fetch(request);
  for (const line of response.headers.getSetCookie()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value) jar.set(name, value);
    else jar.delete(name);
  }
  return response;
}

/** Waits for a condition, with a bound. @param {() => unknown} condition */
export async function until(condition) {
  for (const end = Date.now() + 10_000; !(await condition());) {
    if (Date.now() > end) throw new Error(`not in time: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
