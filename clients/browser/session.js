import { attemptFor } from './attempt.js';
import { openChannel } from './channel.js';
import { sessionFrom } from './held.js';
import { locked } from './lock.js';
import { openMarker } from './marker.js';
import { openArea } from './storage.js';
/**
 * @import { AuthOptions, AuthState, Session, StoredSession, TokenAnswer, TokenStore } from './types.js'
 * @import { Listeners } from './events.js'
 */

const TABS_ANSWER_MS = 50;
/** For how long nothing is renewed because of a 401, after a token was refused that was brand new: that has another reason, which no refresh would cure. */
const HOPELESS_MS = 10_000;
const SKEW_MS = 30_000;

/** @typedef {ReturnType<typeof openSession>} SessionHere */

/**
 * What this tab knows of the session, and what it shares with other tabs. It asks the server nothing.
 * @param {AuthOptions} options @param {URL} base @param {Listeners} listeners
 */
export function openSession(options, base, listeners) {
  const { now = Date.now, mode, storage = 'memory', sync = true, lockTimeout = 12_000 } = options;
  const transport = mode === 'token' ? undefined : 'cookie';
  const own = !transport && typeof storage === 'object' && storage;
  const kind = transport || own ? 'local' : /** @type {"local" | "session" | "memory"} */ (storage);
  const shared = kind === 'local';
  const area = openArea(kind);
  const name = `symbolon ${base.href}`;
  const attemptKey = `${name} attempt`;
  /** @type {TokenStore} */
  const marker = own ? { load: () => asked('load'), save: (next) => asked('save', next), clear: (reason) => asked('clear', reason) } : openMarker(area, name);
  /** @param {keyof TokenStore | 'last'} what @param {any} [value] */
  const asked = async (what, value) => (await import('./store.js')).use(/** @type {TokenStore} */ (own), what, value);

  /** The session that listeners know of, or that was there before them; '' for none. @type {string | undefined} */
  let told;
  let offline = false;
  /** @type {AuthState} */
  let state = { status: 'loading' };
  let skew = 0;
  let ends = 0;
  /** @type {(() => void) | undefined} */
  let goOn;

  /** @param {boolean} signedIn @param {string} [reason] @param {Session} [held] */
  const become = (signedIn, reason, held, token = '') => {
    Object.assign(session, { signedIn, reason, held, token, failures: 0, notBefore: 0 });
    goOn?.();
  };

  /** @param {Session} held @returns {StoredSession} */
  const markOf = ({ sid, generation, expiresAt: exp }) => ({ sid, generation, exp });

  const load = async () => {
    const stored = await marker.load();
    const { held } = session;
    if (stored || !transport || !held) return stored;
    // The page has cleared its storage. A sign-out would have left its reason.
    const again = markOf(held);
    marker.save(again);
    return again;
  };

  /** @param {Session} next @param {string} nextToken @param {"self" | "tab" | "retry" | "login"} source */
  const hold = (next, nextToken, source) => {
    const old = session.held;
    const event = { source, session: next };
    become(true, undefined, next, nextToken);
    session.setOffline(false);
    listeners.note(source === 'login' || told !== next.sid ? 'signed-in' : 'refreshed', event);
    told = next.sid;
    if (old?.sid === told && old.claims.cv !== next.claims.cv) listeners.note('claims-changed', event);
  };

  const give = () => {
    const { held, token, hopeless } = session;
    channel?.postMessage({ held, token, hopeless });
  };

  /** @param {any} message */
  const hear = async (message) => {
    const { held, token, out, hopeless } = message;
    if (hopeless > session.hopeless) session.hopeless = hopeless;
    if (out) await session.look(out);
    else if (!held) session.has(message) && session.isValid() && give();
    else if ((await session.stored())?.sid === held.sid && !session.has(held)) hold(held, token, 'tab');
    session.publish();
  };

  let channel = shared && sync ? openChannel(name, hear) : undefined;

  const session = {
    // What changes; `signedIn` is absent until it is known.
    .../** @type {{ signedIn?: boolean, held?: Session, reason?: string }} */ ({}),
    now, name, transport,
    attemptFor: (/** @type {StoredSession} */ stored) => attemptFor(area, attemptKey, stored),
    /** Where a secret may be kept that is not the store's. */
    secrets: own ? openArea('memory') : area,
    /** Refreshes that failed in a row, and when the next may be tried. */
    failures: 0,
    notBefore: 0,
    /** Until when a 401 is no reason to refresh. */
    hopeless: 0,
    /** When this tab last refreshed. */
    renewedAt: 0,
    /** The access token. */
    token: '',
    get state() {
      const { held, signedIn, reason } = session;
      const status = signedIn === undefined ? 'loading' : !signedIn ? 'anonymous' : offline ? 'offline' : session.isValid() ? 'active' : 'stale';
      if (status !== state.status || held !== state.session) {
        listeners.note('state', (state = { status, session: held, expiresAt: held?.expiresAt, reason }));
      }
      return state;
    },
    /** @param {number} [ms] for how long; at most until it is renewed anyway, or no token would do */
    isValid(ms = 0) {
      const { held } = session;
      return !!held?.renewAt && now() + Math.min(ms, held.renewAt - held.receivedAt) < held.expiresAt;
    },
    arm() {},
    /** Tells listeners what was noted, and sets the timer anew. */
    publish() {
      // Reading the state notes its change.
      if (session.state) listeners.flush();
      session.arm();
    },
    close() {
      channel?.close();
      channel = undefined;
    },

    /** @template T @param {() => Promise<T>} work */
    lock: (work) => (shared ? locked(name, lockTimeout, area, work) : work()),

    /** @returns {Promise<StoredSession | null>} */
    async stored() {
      const stored = await load();
      told ??= stored?.sid ?? '';
      return stored?.sid ? stored : null;
    },

    /** Whether this tab's token is as new as that. @param {{ sid: string, generation: number }} version */
    has: ({ sid, generation }) => session.held?.sid === sid && session.held.generation >= generation,

    /** Waits, until another tab's token comes at the latest. @param {number} ms */
    pause: (ms) => new Promise((/** @type {(value?: void) => void} */ resolve) => setTimeout((goOn = resolve), ms)),

    /** Waits a moment for another tab's token. @param {StoredSession} version */
    ask({ sid, generation }) {
      channel?.postMessage({ sid, generation });
      return session.pause(TABS_ANSWER_MS);
    },

    /** A token was refused that was brand new. */
    refusedAgain() {
      session.hopeless = now() + HOPELESS_MS;
      give();
    },

    /**
     * Keeps an answer: its refresh token only if it is newer than what is stored; a cookie jar has done that already.
     * @param {TokenAnswer} answer @param {"self" | "retry" | "login"} source @param {StoredSession | null} stored  what is there of the same session
     * @returns {Promise<Session | undefined>} nothing if somebody signed out while it was saved
     */
    async keep(answer, source, stored) {
      const next = sessionFrom(answer, now(), options);
      const { generation, receivedAt } = next;
      const before = ends;
      if (!stored || generation > stored.generation) await marker.save({ ...markOf(next), refreshToken: answer.refresh_token });
      if (ends !== before) return;
      area.write(attemptKey, null);
      if (source === 'login') session.hopeless = 0;
      else session.renewedAt = receivedAt;
      hold(next, answer.access_token, source);
      give();
      const ms = answer.server_time - receivedAt;
      if (Math.abs(ms - skew) > SKEW_MS) listeners.note('clock-skew', { ms: (skew = ms) });
      return next;
    },

    /** What a sign-out has to tell the server. @returns {Promise<StoredSession | null>} */
    ending: async () => (own ? asked('last') : marker.load()),

    /** Forgets the session: in all tabs, or because another tab said so. @param {string} reason @param {boolean} [tell] */
    end(reason, tell) {
      if (tell) {
        // Who hears it looks at the marker: after a slow store is clear.
        const out = () => channel?.postMessage({ out: reason });
        const clearing = marker.clear(reason);
        if (clearing) clearing.then(out, out);
        else out();
      }
      if (session.signedIn !== false) listeners.note('signed-out', { reason });
      ends++;
      session.hopeless = 0;
      become(false, reason);
      told = '';
    },

    /** What another tab did while nobody told this one: the marker knows. @param {string} [reason] */
    async look(reason = 'logout') {
      const stored = await load();
      if (!stored?.sid) session.signedIn && session.end(/** @type {any} */ (stored)?.reason ?? reason);
      else if (session.signedIn === false || (session.held ?? stored).sid !== stored.sid) become(true);
      session.publish();
    },

    /** @param {boolean} value */
    setOffline(value) {
      if (value !== offline) listeners.note((offline = value) ? 'offline' : 'online', {});
    },
  };
  return session;
}
