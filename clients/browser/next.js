import { hasSessionCookie, sessionFromCookies } from './server.js';
/** @import { ServerRequest, ServerSession } from './server.js' */

/**
 * @typedef {object} NextOptions
 * @property {string | URL} url  the authority as this server reaches it
 * @property {string} [origin]  the origin that browsers see, if `url` is another
 * @property {number} [timeout]  ms; 5 000
 * @property {boolean} [store]  let `route` put the new cookie into the browser. Default false: a browser's jar has one writer, the client in the page, and the
 *   authority's client has `Overlap: UntilUsed`. True only where no page refreshes and no two such requests of one browser are under way together
 * @property {typeof fetch} [fetch]
 */

/** @typedef {(request: Request, context: any) => Response | Promise<Response>} RouteHandler */

/**
 * For Next.js: server components, route handlers, and the proxy (formerly middleware). Needs nothing of Next.js itself.
 *
 * A server component cannot set cookies, so it cannot store a refreshed token: its client needs `Overlap: UntilUsed`.
 * @example
 * export const symbolon = symbolonNext({ url: process.env.SYMBOLON_URL, origin: 'https://app.example' });
 * @param {NextOptions} options
 */
export function symbolonNext({ store = false, ...options }) {
  const { origin } = options;
  /** @param {string | null} cookie @param {AbortSignal} [signal] @returns {Promise<ServerSession>} */
  const ask = (cookie, signal) => sessionFromCookies({ ...options, cookie, signal });

  return {
    /**
     * In a server component. Wrap it in React's `cache` to ask once per page.
     * @example
     * const { session, accessToken } = await symbolon.session(await headers());
     * @param {{ get(name: string): string | null }} headers
     */
    session: (headers) => ask(headers.get('cookie')),

    /**
     * A route handler that is told the session, as `context.auth`. A request from another site that may change something is refused: the cookie must not act for it.
     * @example
     * export const POST = symbolon.route(async (request, { auth }) => Response.json({ sub: auth.session?.sub ?? null }));
     * @param {RouteHandler} handler
     * @returns {RouteHandler}
     */
    route: (handler) => async (request, context) => {
      if (isForeign(request, origin)) return new Response(null, { status: 403 });
      const auth = await ask(request.headers.get('cookie'), request.signal);
      const answer = await handler(request, { ...context, auth });
      return privately(answer, store ? auth.setCookie : []);
    },

    /**
     * In the proxy: sends visits without a cookie to the page for signing in. It chooses a page and guards nothing; what must be guarded asks `session`.
     * What is no visit of a page (scripts, pictures, calls of an API, posts) passes.
     * @example
     * export const proxy = symbolon.gate('/sign-in');
     * export const config = { matcher: ['/((?!_next/|api/|auth/|symbolon/|favicon.ico).*)'] };
     * @param {string} page
     * @returns {(request: Request) => Response | undefined}
     */
    gate: (page) => (request) => {
      const { pathname, search, origin: own } = new URL(request.url);
      if (!isVisit(request) || hasSessionCookie(request.headers.get('cookie')) || bare(pathname) === bare(page)) return undefined;
      const to = new URL(page, origin ?? own);
      to.searchParams.set('from', pathname.replace(/^\/+/, '/') + search);   // a path of ours, never //elsewhere
      return Response.redirect(to, 303);
    },
  };
}

/** The cross-site rule, for a cookie that this server uses. @param {Request} request @param {string | undefined} origin */
function isForeign(request, origin) {
  if (['GET', 'HEAD', 'OPTIONS'].includes(request.method)) return false;
  const named = request.headers.get('origin');
  if (named !== null) return named !== (origin ?? new URL(request.url).origin);
  const site = request.headers.get('sec-fetch-site');
  return site !== null ? site !== 'same-origin' : !request.headers.has('x-symbolon');
}

/** A page with a `trailingSlash` is the same page. @param {string} path */
const bare = (path) => (path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path);

/** Whether somebody goes to a page: what else a page loads is of no use as the page for signing in. @param {Request} request */
function isVisit({ method, headers }) {
  if (!['GET', 'HEAD'].includes(method)) return false;
  const destination = headers.get('sec-fetch-dest');
  return destination !== null ? destination === 'document' : /\btext\/html\b/i.test(headers.get('accept') ?? '');
}

/** An answer for one user, which no cache may give to another, unless the handler knows better. @param {Response} answer @param {string[]} lines */
function privately(answer, lines) {
  const headers = new Headers(answer.headers);   // those of a redirect cannot be changed in place
  for (const line of lines) headers.append('set-cookie', line);
  if (lines.length || !headers.has('cache-control')) headers.set('cache-control', 'private, no-store');
  return new Response(answer.body, { status: answer.status, statusText: answer.statusText, headers });
}
