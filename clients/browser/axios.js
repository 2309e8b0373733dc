import { replayable } from './body.js';
import { AuthError } from './errors.js';
import { attached, headersWith, isRefused } from './inside.js';
/** @import { Auth } from './types.js' */

/** @typedef {import('axios').InternalAxiosRequestConfig} Config */
/** @typedef {import('axios').AxiosInstance} AxiosInstance */
/** @typedef {(config: Config) => Promise<any>} Send */
/** @typedef {{ answer?: any, error?: any }} Outcome  an error may come with an answer */

/**
 * Requests of this axios instance that go to an `attach` origin carry the token; a 401 of ours is refreshed once and the request is sent once more.
 *
 * It works in the adapter, below interceptors and transforms: they see one request and one answer, and run once.
 * @example
 * const api = axios.create({ baseURL: '/api' });
 * const detach = attachAxios(auth, api);
 * @param {Auth} auth
 * @param {AxiosInstance} instance  what `axios.create()` gives, or axios itself
 * @returns {() => void} undoes it; requests under way end as they would have
 */
export function attachAxios(auth, instance) {
  // Resolves the names of adapters ("xhr", "fetch"), which an instance does not hand out. No interceptor, no transform, no header of its own.
  const plain = instance.create({ transformRequest: [], transformResponse: [] });
  plain.defaults.headers = /** @type {any} */ ({});
  /** @type {WeakMap<Function, Config['adapter']>} our adapters, and what each stands before */
  const ours = new WeakMap();
  const trail = openTrail();

  const id = instance.interceptors.request.use((config) => {
    // A config that came with an answer may be sent again: it has our adapter already.
    const inner = typeof config.adapter === 'function' && ours.has(config.adapter) ? ours.get(config.adapter) : config.adapter;
    /** @type {Send} */
    const send = typeof inner === 'function' ? inner : (final) => plain.request({ ...final, adapter: inner, transformRequest: [], transformResponse: [] });
    /** @type {Send} */
    const adapter = (final) => exchange(auth, instance, trail, send, final);
    ours.set(adapter, inner);
    config.adapter = adapter;
    return config;
  }, null, { synchronous: true });
  return () => instance.interceptors.request.eject(id);
}

/** @param {Auth} auth @param {AxiosInstance} instance @param {Trail} trail @param {Send} send @param {Config} config */
async function exchange(auth, instance, trail, send, config) {
  const ours = config.auth || config.headers.has('Authorization') ? null : attached(auth, instance.getUri(config));
  if (!ours) return send(config);

  const { rules, url } = ours;
  const signal = /** @type {AbortSignal | undefined} */ (config.signal);
  const request = new Request(url, { method: config.method, signal });
  const attempt = async (/** @type {string | null | undefined} */ token) => {
    // On a copy: what axios hands out must not carry the token, nor look as if the caller had set one.
    const headers = new /** @type {any} */ (config.headers.constructor)(config.headers);
    if (token) for (const [name, value] of await headersWith(rules, request, token)) headers.set(name, value);
    return outcomeOf((sent) => send({ ...sent, headers, env: trail.followed(config.env) }), config);
  };
  const refused = async (/** @type {Outcome} */ { answer }) => answer?.status === 401 && isRefused(rules, request, { ...inFetchForm(answer), url: trail.endOf(answer.request) });

  /** @type {unknown} */
  let missing;
  const used = await unlessAborted(signal, () => auth.token({ signal }).catch((error) => {
    // None can be had now. What is public is there all the same; from the rest, a 401 would be misleading.
    missing = error;
    return null;
  }));
  const first = await attempt(used);
  if (missing && first.answer?.status === 401) throw missing;
  if (!await refused(first)) return settle(first);

  const next = await unlessAborted(signal, () => rules.newer(used ?? null, request));
  // An aborted request goes to axios once more, which makes its own error of it and sends nothing.
  if (signal?.aborted) return settle(await attempt(null));
  if (!next) return settle(first);
  if (!replayable(config.data)) return settle(first, new AuthError('body_not_replayable', { status: 401 }));
  const second = await attempt(next);
  if (await refused(second)) rules.refusedAgain(next);
  return settle(second);
}

/** @param {Send} send @param {Config} config @returns {Promise<Outcome>} */
async function outcomeOf(send, config) {
  /** @type {Outcome} */
  const outcome = await send(config).then((answer) => ({ answer }), (error) => ({ error, answer: error?.response }));
  // What the caller sees is the request it made, not the one that was made of it.
  for (const part of [outcome.answer, outcome.error]) if (part?.config) part.config = config;
  return outcome;
}

/** @param {Outcome} outcome @param {AuthError} [cause]  why a refused request was not sent again */
function settle({ answer, error }, cause) {
  if (!error) return answer;
  throw cause ? Object.assign(error, { code: cause.code, cause }) : error;
}

/** Waits, but not after the caller has given up. @template T @param {AbortSignal | undefined} signal @param {() => Promise<T>} work @returns {Promise<T | undefined>} */
const unlessAborted = async (signal, work) => signal?.aborted ? undefined : work().catch((error) => {
  if (!signal?.aborted) throw error;
  return undefined;
});

/** @param {import('axios').AxiosResponse} answer */
function inFetchForm({ data, headers }) {
  const body = data instanceof Blob || data instanceof ArrayBuffer || typeof data === 'string' ? data : null;
  const named = Object.entries(headers).filter(([, value]) => value != null).map(([name, value]) => /** @type {[string, string]} */ ([name, String(value)]));
  return { body, headers: named };
}

/** @typedef {ReturnType<typeof openTrail>} Trail */

/** Where answers came from, after redirects. axios keeps the XMLHttpRequest, which knows it, but not the answer of a fetch. */
function openTrail() {
  /** @type {WeakMap<object, string>} by request */
  const ends = new WeakMap();
  /** @type {Map<unknown, Function>} one for each: axios keeps an adapter for every fetch that it has seen */
  const followers = new Map();
  const follower = (/** @type {Function | undefined} */ inner) => async (/** @type {any[]} */ ...args) => {
    const response = await (inner ?? globalThis.fetch)(...args);
    if (args[0] instanceof Object && response) ends.set(args[0], response.url);
    return response;
  };
  return {
    /** @param {any} env @returns {any} */
    followed(env) {
      const inner = env?.fetch;
      if (!followers.has(inner)) followers.set(inner, follower(inner));
      return { ...env, fetch: followers.get(inner) };
    },
    /** @param {any} request @returns {string | undefined} */
    endOf: (request) => request?.responseURL || ends.get(request),
  };
}
