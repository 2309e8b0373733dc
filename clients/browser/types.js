/**
 * The client's types. Nothing here runs; the page never loads it.
 *
 * @typedef {object} AuthOptions
 * @property {string} url  where the authority is: "/auth", or an absolute address
 * @property {"cookie" | "token"} [mode]  cookie (default): the refresh token stays HttpOnly, the access token in memory. token: the client holds both
 * @property {(string | RegExp)[] | ((url: URL) => boolean)} [attach]  where to send the token; default the origin of `url`
 * @property {"memory" | "session" | "local" | TokenStore} [storage]  token mode only; default memory
 * @property {number | ((ttl: number) => number)} [refreshAhead]  seconds before expiry; default min(60, ttl * 0.2)
 * @property {number} [jitter]  share of refreshAhead; default 0.25
 * @property {number} [refreshTimeout]  ms; 10 000
 * @property {number} [lockTimeout]  ms; 12 000, then on without the lock
 * @property {Backoff} [backoff]
 * @property {boolean} [refreshWhenHidden]  false: a hidden tab refreshes on demand or when it is shown
 * @property {boolean} [sync]  tell other tabs, and listen to them; true
 * @property {"sse" | "poll" | false} [events]  be told of endings as they happen; false
 * @property {(response: Response, request: Request) => boolean} [retry401]  whether a 401 means that the token was refused
 * @property {DpopPlugin} [dpop]
 * @property {typeof fetch} [fetch]
 * @property {() => number} [now]  ms; Date.now
 * @property {Logger} [log]
 */

/** @typedef {{ min?: number, max?: number, factor?: number }} Backoff  500, 60 000, 2; ms, with full jitter; Retry-After is obeyed */

/**
 * - state: replaced whole when something changes.
 * - ready: settles when it is known whether somebody is signed in; never throws.
 * - token: null if nobody is signed in; throws AuthError if none can be had now.
 * - refresh: nothing to do if the current token is no longer `ifToken`.
 * - logout: done at once for the user; told to the server later if it cannot be reached.
 * - on, subscribe: return what removes the listener.
 * - dispose: ends timers, listeners and the channel; the session goes on.
 * @typedef {{
 *   readonly state: AuthState,
 *   ready(): Promise<AuthState>,
 *   login(body: unknown, init?: LoginInit): Promise<Session>,
 *   fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response>,
 *   token(options?: TokenRequest): Promise<string | null>,
 *   refresh(options?: { ifToken?: string }): Promise<RefreshResult>,
 *   logout(options?: { scope?: "this" | "others" | "all" }): Promise<void>,
 *   sessions: { list(): Promise<Device[]>, end(id: string): Promise<void>, rename(id: string, name: string): Promise<void> },
 *   on<E extends keyof AuthEvents>(event: E, listener: (event: AuthEvents[E]) => void): () => void,
 *   subscribe(listener: (state: AuthState) => void): () => void,
 *   dispose(): void,
 * }} Auth
 */

/** @typedef {RequestInit & { endpoint?: string }} LoginInit  `endpoint`: whose answer begins the session: "login" (default), "register", "password", or one of your own, below `url` */

/** @typedef {{ minTtl?: number, force?: boolean, signal?: AbortSignal }} TokenRequest  minTtl in seconds, at most half of a token's life */

/**
 * @typedef {object} AuthState
 * @property {"loading" | "anonymous" | "active" | "stale" | "offline"} status  stale: signed in without a valid token; offline: the authority cannot be reached
 * @property {Session} [session]
 * @property {number} [expiresAt]  of the access token, ms of the local clock
 * @property {string} [reason]  why the last session ended
 */

/**
 * Instants are ms of the local clock, counted from receipt.
 * @typedef {object} Session
 * @property {string} sid
 * @property {string} sub  the account
 * @property {number} generation
 * @property {Record<string, any>} claims  of the access token: read, not verified
 * @property {number} receivedAt
 * @property {number} renewAt
 * @property {number} expiresAt  the access token's end
 * @property {number} idleEndsAt  the session ends here unless it is refreshed before
 * @property {number} endsAt  the session ends here in any case
 */

/**
 * One of the user's sessions, as the server lists it.
 * @typedef {object} Device
 * @property {string} session_id
 * @property {boolean} current
 * @property {{ id: string, name: string | null, type: string | null }} device
 * @property {string | null} [user_agent]
 * @property {string | null} [ip]
 * @property {string} created_at
 * @property {string} last_seen_at
 * @property {string} expires_at
 * @property {string} ends_at
 */

/**
 * - refreshed: a new token, from the server. already-newer: there was nothing to do, or another tab had done it.
 * - kept: no new token now, the session goes on; `cause` says why. signed-out: nobody is signed in (any more).
 * @typedef {{ status: "refreshed" | "already-newer" | "kept" | "signed-out", cause?: AuthError }} RefreshResult
 */

/**
 * Each with what its listeners are given. clock-skew: the server's clock minus the local one.
 * @typedef {{
 *   "signed-in": { session: Session },
 *   "refreshed": { source: "self" | "tab" | "retry", session: Session },
 *   "claims-changed": { session: Session },
 *   "signed-out": { reason: string },
 *   "refresh-failed": { attempt: number, nextRetryMs: number, cause: AuthError },
 *   "offline": {},
 *   "online": {},
 *   "clock-skew": { ms: number },
 *   "login-needed": { request: Request },
 * }} AuthEvents
 */

/**
 * Where token mode keeps its session. `save` is called with a higher generation only.
 * @typedef {object} TokenStore
 * @property {() => StoredSession | null | Promise<StoredSession | null>} load
 * @property {(session: StoredSession) => void | Promise<void>} save
 * @property {(reason: string) => void | Promise<void>} clear
 */

/** @typedef {{ sid: string, generation: number, exp: number, refreshToken?: string }} StoredSession  `exp`: of the access token, ms of the local clock */

/**
 * Proof of possession (RFC 9449).
 * @typedef {object} DpopPlugin
 * @property {(request: Request, token?: string | null) => void | Promise<void>} sign  sets the header `DPoP`, and `Authorization` where the scheme is not Bearer
 * @property {(response: Response) => boolean} [nonce]  keeps a nonce; true sends the request once more
 */

/**
 * Never given a token.
 * @typedef {object} Logger
 * @property {(message: string, detail?: object) => void} warn
 */

/**
 * @typedef {object} AuthErrorDetails
 * @property {number} [status]  HTTP status of the answer, if there was one
 * @property {Problem} [problem]  the server's problem document (RFC 9457)
 * @property {number} [retryAfterMs]  how long the server asks to wait
 * @property {Response} [response]  the answer that could not be acted upon
 * @property {unknown} [cause]
 */

/** @typedef {{ type: string, title: string, status: number, detail?: string, code: string, reason?: string, trace_id?: string }} Problem */

/**
 * The token response.
 * @typedef {{ access_token: string, expires_in: number, refresh_token?: string, refresh_expires_in: number, session_expires_in: number,
 *   session_id: string, generation: number, server_time: number }} TokenAnswer
 */

/**
 * What the parts of one client share, and what its adapters may use. Not part of `Auth`.
 * @typedef {object} Inside
 * @property {AuthOptions} options
 * @property {URL} base
 * @property {import('./events.js').Listeners} listeners
 * @property {import('./call.js').Send} send
 * @property {import('./session.js').SessionHere} session
 * @property {ReturnType<typeof import('./renewal.js').openRenewal>} renewal
 * @property {(reason?: string, instead?: (stored: StoredSession | null, token: string) => Promise<unknown>) => Promise<void>} signOut
 * @property {() => void} forget  that a log-out is unconfirmed
 * @property {(url: URL) => boolean} mayAttach
 * @property {AbortSignal} ended  by `dispose`
 */

/** @typedef {import('./errors.js').AuthError} AuthError */

export {};
