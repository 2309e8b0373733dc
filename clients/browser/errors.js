/** @import { AuthErrorDetails } from './types.js' */

/**
 * What this client throws. Tell errors apart by `code`: a code of the server's problem documents (`invalid_credentials`,
 * `too_many_attempts` …), or one of the client's own:
 *
 * - `network`, `timeout`, `aborted`: no answer. Says nothing about the session.
 * - `unavailable`: an answer that is not ours (a proxy's 5xx, 429), or none can be had yet.
 * - `not_symbolon`: whatever answers under `url` is no Symbolon server.
 * - `no_session`: a success without tokens. After `register`: this server does not sign in with that, so log in. Else no Symbolon server either.
 * - `body_not_replayable`: the token was renewed, but a stream cannot be sent twice; `response` is the 401.
 * - `storage`: a custom TokenStore failed; `cause` says how.
 * - `no_window`: there is no session on a server.
 */
export class AuthError extends /** @type {new (message: string) => Error & AuthErrorDetails & { code: string }} */ (/** @type {unknown} */ (Error)) {
  /** @param {string} code @param {AuthErrorDetails} [details] */
  constructor(code, details) {
    super(details?.problem?.title ?? code);
    Object.assign(this, details, { name: 'AuthError', code });
  }
}
