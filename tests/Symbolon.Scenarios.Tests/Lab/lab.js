/**
 * Runs in each page before anything else: numbers from the seed, what is under way, which timers and listeners are left,
 * and a bench to try the client on. Everything of it hangs on `lab`.
 */
(() => {
  const lab = {
    /** @type {any} the client under test */ auth: null,
    /** @type {{ name: string, at: number, detail: any }[]} */ events: [],
    /** @type {string[]} what subscribers were told */ states: [],
    underWay: 0,
    timers: new Set(),
    listeners: new Map(),
    hidden: false,
  };
  window.lab = lab;

  // Mulberry32; each page has numbers of its own.
  let state;
  Math.random = () => {
    state = ((state ?? Math.imul(window.__page, 0x9e3779b9) + window.__seed) + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };

  const watched = (promise) => {
    lab.underWay++;
    return promise.finally(() => lab.underWay--);
  };
  const { fetch } = window;
  window.fetch = (...args) => watched(fetch(...args));
  for (const method of ['json', 'text', 'arrayBuffer']) {
    const read = Response.prototype[method];
    Response.prototype[method] = function () { return watched(read.call(this)); };
  }

  // Who waits so briefly waits for another tab: to turn the clock then would take its answer away.
  const BRIEF_MS = 50;
  const brief = new Set();
  for (const [start, end, once] of [['setTimeout', 'clearTimeout', true], ['setInterval', 'clearInterval', false]]) {
    const [begin, stop] = [window[start], window[end]];
    const over = (id) => {
      lab.timers.delete(id);
      if (brief.delete(id)) lab.underWay--;
    };
    window[start] = (work, ms, ...args) => {
      const id = begin(() => {
        if (once) over(id);
        work(...args);
      }, ms);
      lab.timers.add(id);
      if (once && ms > 0 && ms <= BRIEF_MS) {
        brief.add(id);
        lab.underWay++;
      }
      return id;
    };
    window[end] = (id) => {
      over(id);
      stop(id);
    };
  }

  // The client's listeners on what lives longer than it does.
  for (const target of [window, document]) {
    const [add, remove] = [target.addEventListener, target.removeEventListener];
    const count = (name, by) => lab.listeners.set(name, (lab.listeners.get(name) ?? 0) + by);
    const known = new Map();
    const key = (name, listener) => {
      if (!known.has(listener)) known.set(listener, new Set());
      return known.get(listener);
    };
    target.addEventListener = (name, listener, options) => {
      const names = key(name, listener);
      if (listener && !names.has(name)) {
        names.add(name);
        count(name, 1);
        options?.signal?.addEventListener('abort', () => { if (names.delete(name)) count(name, -1); });
      }
      add.call(target, name, listener, options);
    };
    target.removeEventListener = (name, listener, options) => {
      if (key(name, listener).delete(name)) count(name, -1);
      remove.call(target, name, listener, options);
    };
  }

  Object.defineProperty(document, 'visibilityState', { get: () => (lab.hidden ? 'hidden' : 'visible') });
  Object.defineProperty(document, 'hidden', { get: () => lab.hidden });
  lab.show = (visible) => {
    lab.hidden = !visible;
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  };

  const names = ['signed-in', 'refreshed', 'claims-changed', 'signed-out', 'refresh-failed', 'offline', 'online', 'clock-skew', 'login-needed'];

  /** Makes a client and writes down what it tells. `version` loads the module anew, as a bundler does that replaces it. */
  lab.mount = async (options = {}, version = '') => {
    const { createAuth } = await import(`/symbolon/client.js${version && `?v=${version}`}`);
    const auth = createAuth({ url: '/auth', ...options });
    for (const name of names) auth.on(name, (detail) => lab.events.push({ name, at: Date.now(), detail }));
    auth.subscribe((now) => lab.states.push(now.status));
    lab.auth = auth;
    await auth.ready();
    return auth;
  };

  /** Calls at once, or when the instant has come. @returns {Promise<(number | string)[]>} the statuses, or the errors' names */
  lab.calls = async (count, path, init, at = 0) => {
    if (at) await new Promise((done) => setTimeout(done, at - Date.now()));
    return Promise.all(Array.from({ length: count }, (_, i) => lab.call(path.replace('{i}', String(i)), init)));
  };

  lab.call = async (path, init) => {
    try {
      const response = await lab.auth.fetch(path, init);
      await response.text();
      return response.status;
    } catch (error) {
      return `${error?.name}: ${error?.code ?? error?.message}`;
    }
  };

  /** What is left over: numbers only. */
  lab.census = () => ({ timers: lab.timers.size, listeners: [...lab.listeners.values()].reduce((sum, count) => sum + count, 0) });
})();
