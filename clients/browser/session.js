import { openChannel } from './channel.js';
import { heldFrom } from './held.js';
import { locked } from './lock.js';
import { openMarker } from './marker.js';
import { openArea } from './storage.js';
/**
 * @import { AuthOptions, AuthState, StoredSession, TokenAnswer } from './types.js'
 * @import { Held } from './held.js'
 * @import { Marker } from './marker.js'
 * @import { Listeners } from './events.js'
 */

const TABS_ANSWER_MS = 50;
const SKEW_MS = 30_000;

/** @typedef {ReturnType<typeof openSession>} SessionHere */

/**
 * What this tab knows of the session, and what it shares with other tabs. It asks the server nothing.
 * @param {AuthOptions} options @param {URL} base @param {Listeners} listeners
 */
export function openSession(options, base, listeners) {
  const { now = Date.now, mode, storage = 'memory', sync = true, lockTimeout = 12_000 } = options;
  const inCookie = mode !== 'token';
  const own = !inCookie && typeof storage === 'object' ? storage : null;
  const area = openArea(inCookie || own ? 'local' : /** @type {"local"} */ (storage));
  const shared = inCookie || own || storage === 'local';
  const name = `symbolon ${base.href}`;
  const attemptKey = `${name} attempt`;
  /** @type {Marker} */
  const marker = own ?? openMarker(area, name);

  /** Undefined until it is known. @type {boolean | undefined} */
  let signedIn;
  /** @type {Held | null} */
  let held = null;
  /** The session that listeners know of; '' when they know of none. @type {string | undefined} */
  let told;
  let offline = false;
  let skew = 0;
  /** @type {() => void} */
  let answered;
  /** @type {AuthState} */
  let state = { status: 'loading' };

  /** @param {string} [reason] */
  const update = (reason) => {
    const status = signedIn === undefined ? 'loading' : !signedIn ? 'anonymous' : offline ? 'offline' : session.isValid() ? 'active' : 'stale';
    if (status === state.status && held?.session === state.session) return;
    state = signedIn ? { status, session: held?.session, expiresAt: held?.expiresAt } : { status, reason };
    listeners.note('state', state);
  };

  /** @param {Held} next @param {"self" | "tab" | "retry" | "login"} source */
  const hold = (next, source) => {
    const old = held;
    const isNew = source === 'login' || (told !== undefined && told !== next.sid);
    const event = { source, session: next.session };
    [held, told, signedIn, session.failures, session.notBefore] = [next, next.sid, true, 0, 0];
    listeners.note(isNew ? 'signed-in' : 'refreshed', event);
    if (old?.sid === next.sid && old.session.claims.cv !== next.session.claims.cv) listeners.note('claims-changed', event);
    session.setOffline(false);
    update();
  };

  /** @param {any} message */
  const hear = async (message) => {
    const { out, sid } = message;
    if (message.held) {
      const mine = area.blocked ? message.held : await marker.load();
      if (mine?.sid === message.held.sid && (!held || held.sid !== mine.sid || message.held.generation > held.generation)) {
        hold(message.held, 'tab');
        answered?.();
      }
    } else if (!out) {
      if (held && held.sid === sid && held.generation > message.generation && session.isValid()) channel.post({ held });
    } else if (held?.sid === sid) {
      if (area.blocked) marker.clear(out);
      session.end(out, false);
    } else {
      return session.look(out);
    }
    session.publish();
  };

  const channel = openChannel(shared && sync ? name : '', hear);

  const session = {
    now, area, name, attemptKey, marker, inCookie,
    /** Where a secret may be kept that is not the store's. */
    secrets: own ? openArea('memory') : area,
    /** Refreshes that failed in a row, and when the next may be tried. */
    failures: 0,
    notBefore: 0,
    /** Raised when the session ends: an answer that was under way counts no more. */
    ends: 0,
    get held() {
      return held;
    },
    get signedIn() {
      return signedIn;
    },
    get state() {
      return state;
    },
    isValid: () => !!held && !held.doubt && now() < held.expiresAt,

    /** Tells listeners what was noted; `arm` is the timer's. */
    publish() {
      listeners.flush();
      session.arm();
    },
    arm() {},
    update,
    close: channel.close,

    /** @template T @param {() => Promise<T>} work */
    lock: (work) => (shared ? locked(name, lockTimeout, area, work) : work()),

    /** Waits a moment for another tab's newer token. @param {StoredSession} stored */
    ask: ({ sid }) => new Promise((/** @type {(value?: void) => void} */ resolve) => {
      answered = resolve;
      channel.post({ sid, generation: held?.sid === sid ? held.generation : -1 });
      setTimeout(resolve, TABS_ANSWER_MS);
    }),

    /**
     * Keeps an answer: its refresh token only if it is newer than what is stored; a cookie jar has done that already.
     * @param {TokenAnswer} answer @param {"self" | "retry" | "login"} source @param {StoredSession | null} stored
     */
    async keep(answer, source, stored) {
      const at = now();
      const next = heldFrom(answer, at, options);
      const { sid, generation, expiresAt: exp } = next;
      if (stored?.sid !== sid || generation > stored.generation) await marker.save({ sid, generation, exp, refreshToken: answer.refresh_token });
      area.write(attemptKey, null);
      hold(next, source);
      channel.post({ held: next });
      const ms = answer.server_time - at;
      if (Math.abs(ms) > SKEW_MS && Math.abs(ms - skew) > SKEW_MS) listeners.note('clock-skew', { ms: (skew = ms) });
      return next.session;
    },

    /** @returns {Promise<StoredSession | null>} */
    stored: async () => {
      try {
        return await marker.load();
      } catch {
        return null;
      }
    },
    /** Without storage, only the server can say whether the cookie is there. */
    mayProbe: () => inCookie && area.blocked,
    /** After a jump of the clock no deadline can be trusted. */
    distrust() {
      if (held) held.doubt = true;
      session.notBefore = 0;
    },

    /** Forgets the session: in all tabs, or because another tab said so. @param {string | undefined} reason @param {boolean} [tell] */
    end(reason, tell = true) {
      const sid = held?.sid;
      session.ends++;
      if (reason && tell) {
        marker.clear(reason);
        area.write(attemptKey, null);
        channel.post({ out: reason, sid });
      }
      if (reason && signedIn !== false) listeners.note('signed-out', { reason });
      [held, told, signedIn, session.failures, session.notBefore] = [null, '', false, 0, 0];
      update(reason);
    },

    /** What another tab did while nobody told this one: the marker knows. @param {string} [reason] */
    async look(reason = 'logout') {
      const stored = await marker.load();
      if (!stored) {
        if (signedIn && !area.blocked) session.end(marker.why?.() ?? reason, false);
      } else if (signedIn === false || (held && held.sid !== stored.sid)) {
        [held, signedIn] = [null, true];
        update();
      }
      session.publish();
    },

    /** When the first refresh failed, the marker is all there is to go by. @param {boolean} signed */
    settle(signed) {
      signedIn ??= signed;
      if (!signedIn) told = '';
      update();
    },

    /** @param {boolean} value */
    setOffline(value) {
      if (value !== offline) listeners.note((offline = value) ? 'offline' : 'online', {});
      update();
    },
  };
  return session;
}
