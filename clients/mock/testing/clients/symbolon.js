/** @symbolon/client in Node: it needs a window and a document with events, and nothing else when it keeps its tokens in memory. */

// Not by an import: its types are a browser's.
const { createAuth } = await import(new URL('../../../browser/client.js', import.meta.url).href);

const globals = /** @type {any} */ (globalThis);
const browser = { onLine: true };
globals.window ??= new EventTarget();
globals.document ??= Object.assign(new EventTarget(), { hidden: false, baseURI: import.meta.url });
Object.defineProperty(globalThis, 'navigator', { value: browser, configurable: true });

/** @param {{ url: string, now: () => number }} options */
export async function create({ url, now }) {
  const auth = createAuth({ url: `${url}/auth`, mode: 'token', now });
  await auth.ready();
  return {
    usesNow: true,
    login: (/** @type {string} */ username, /** @type {string} */ password) => auth.login({ username, password }),
    call: (/** @type {string} */ path) => auth.fetch(new URL(path, url)),
    logout: () => auth.logout(),
    state: () => ({ signedIn: !['anonymous', 'loading'].includes(auth.state.status), reason: auth.state.reason }),
    online: (/** @type {boolean} */ isOnline) => {
      browser.onLine = isOnline;
      globals.window.dispatchEvent(new Event(isOnline ? 'online' : 'offline'));
    },
    close: () => auth.dispose(),
  };
}
