import { request } from './requests.js';
/** @import { Inside } from './types.js' */

const POLL_MS = 60_000;
const SHORTEST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** The server sends something each 15 s; what is silent for longer than twice that is dead. */
const SILENCE_MS = 35_000;

/**
 * Is told of endings and of changed claims as they happen: by server-sent events, which one tab holds for all, or by asking
 * once a minute. Loaded only where the option `events` asks for it.
 * @param {Inside} inside
 */
export function follow(inside) {
  const { options, base, session, renewal, listeners, ended: signal } = inside;
  if (signal.aborted) return;   // disposed of while this was loaded: nobody would ever stop it
  const name = `${session.name} live`;
  const sid = () => session.held?.sid;
  const ask = (/** @type {string} */ path, /** @type {AbortSignal} */ until) =>
    request(inside, () => new Request(new URL(path, base), { cache: 'no-store', signal: until }));

  /** Ends at once when somebody signs in, or there is nothing to wait for any more. @param {number} ms @param {AbortSignal} leaving */
  const pause = (ms, leaving) => new Promise((/** @type {(value?: void) => void} */ resolve) => {
    const timer = setTimeout(done, ms);
    const off = listeners.on('signed-in', done);
    leaving.addEventListener('abort', done);
    function done() {
      clearTimeout(timer);
      off();
      leaving.removeEventListener('abort', done);
      resolve();
    }
  });

  // A refused token is renewed by the request itself, and so the end of a session is noticed.
  const poll = async () => {
    while (!signal.aborted) {
      await pause(POLL_MS, signal);
      if (sid() && !document.hidden && !signal.aborted) await ask('session', signal).catch(() => {});
    }
  };

  /** One stream, to its end. @param {AbortSignal} leaving @returns {Promise<boolean>} whether it was open */
  const read = async (leaving) => {
    const stop = new AbortController();
    const abort = () => stop.abort();
    const whose = sid();
    // A stream is of one session: what it says must not end the next one.
    const off = listeners.on('state', () => sid() !== whose && abort());
    leaving.addEventListener('abort', abort);
    let timer = setTimeout(abort, SILENCE_MS);
    try {
      const { ok, body } = await ask('events', stop.signal);
      if (!ok || !body) return false;
      const reader = body.pipeThrough(new TextDecoderStream()).getReader();
      for (let rest = ''; ;) {
        const { done, value } = await reader.read();
        if (done) return true;
        clearTimeout(timer);
        timer = setTimeout(abort, SILENCE_MS);
        const frames = (rest + value).split('\n\n');
        rest = frames.pop() ?? '';
        for (const { kind, data } of frames.map(parse)) {
          if (sid() !== whose) return true;
          if (kind === 'ended') session.end(data.reason ?? data.code, true);
          if (kind === 'claims_changed') await renewal.attempt();
          session.publish();
        }
      }
    } catch {
      return false;
    } finally {
      clearTimeout(timer);
      off();
      abort();
      leaving.removeEventListener('abort', abort);
    }
  };

  // The lock goes to the next tab when this one is left; in the back-forward cache nobody leads.
  const lead = () => {
    const left = new AbortController();
    const leave = () => left.abort();
    // None outlives the lead: a page may be left and come back any number of times.
    window.addEventListener('pagehide', leave, { signal: left.signal });
    signal.addEventListener('abort', leave, { signal: left.signal });
    return navigator.locks.request(name, { signal: left.signal }, async () => {
      for (let failures = 0; !left.signal.aborted;) {
        failures = !sid() || (await read(left.signal)) ? 0 : failures + 1;
        const ms = sid() ? Math.min(LONGEST_PAUSE_MS, SHORTEST_PAUSE_MS * 2 ** failures) * (0.5 + Math.random() / 2) : LONGEST_PAUSE_MS;
        if (!left.signal.aborted) await pause(ms, left.signal);
      }
    }).catch(() => {});
  };

  if (options.events === 'poll' || !navigator.locks) {
    poll();
  } else {
    lead();
    window.addEventListener('pageshow', ({ persisted }) => persisted && lead(), { signal });
  }
}

/** One server-sent event; a comment has neither kind nor data. @param {string} frame @returns {{ kind: string, data: any }} */
export function parse(frame) {
  const field = (/** @type {string} */ name) => frame.match(new RegExp(`^${name}: ?(.*)$`, 'm'))?.[1];
  try {
    return { kind: field('event') ?? '', data: JSON.parse(field('data') ?? 'null') };
  } catch {
    return { kind: '', data: null };
  }
}
