// The API as a TypeScript program uses it; compiled, never run.
import { AuthError, createAuth } from "../../client.js";
import type { Auth, AuthEvents, AuthOptions, AuthState, Device, DpopPlugin, Logger, RefreshResult, Session, StoredSession, TokenStore } from "../../client.js";

const store: TokenStore = {
  load: (): StoredSession | null => null,
  save: async (session) => void session.refreshToken?.length,
  clear: (reason: string) => {},
};
const dpop: DpopPlugin = { sign: async (request, token) => request.headers.set("DPoP", token ?? ""), nonce: (response) => response.headers.has("DPoP-Nonce") };
const log: Logger = { warn: (message, detail) => console.warn(message, detail) };

const options: AuthOptions = {
  url: "/auth", mode: "token", attach: ["https://api.example", /^https:\/\/x\.example\//], storage: store, refreshAhead: (ttl) => ttl / 10, jitter: 0.1,
  refreshTimeout: 1_000, lockTimeout: 2_000, backoff: { min: 1, max: 2, factor: 3 }, refreshWhenHidden: true, sync: false, events: "sse",
  retry401: (response, request) => response.status === 401 && request.method === "GET", dpop, fetch, now: () => 0, log,
};
const auth: Auth = createAuth(options);
createAuth({ url: "https://auth.example/auth", attach: (url) => url.hostname === "api.example", storage: "session", events: false });

const state: AuthState = auth.state;
const session: Session = await auth.login({ username: "ada", password: "secret" }, { signal: AbortSignal.timeout(1_000), endpoint: "register" });
const response: Response = await auth.fetch(new URL("https://api.example/x"), { method: "POST", body: new FormData() });
const token: string | null = await auth.token({ minTtl: 30, force: false });
const result: RefreshResult = await auth.refresh({ ifToken: token ?? undefined });
const devices: Device[] = await auth.sessions.list();
await auth.sessions.rename(devices[0].session_id, "Desk");
await auth.logout({ scope: "others" });

const off: () => void = auth.on("refreshed", ({ source, session }) => console.log(source === "tab", session.generation, response.ok, session.claims.roles));
auth.on("signed-out", ({ reason }: AuthEvents["signed-out"]) => console.log(reason.length, result.status === "kept", state.expiresAt));
auth.on("refresh-failed", ({ attempt, nextRetryMs, cause }) => console.log(attempt + nextRetryMs, cause.code, cause.problem?.detail, cause.status));
auth.subscribe(({ status }) => console.log(status === "offline", session.sid));
off();
auth.dispose();
if ((await auth.ready()).status === "active") throw new AuthError("network", { cause: 1 });

// @ts-expect-error: where the authority is must be said
createAuth({});
// @ts-expect-error: no such mode
createAuth({ url: "/auth", mode: "header" });
// @ts-expect-error: the state is read only
auth.state = state;
// @ts-expect-error: no such event
auth.on("logged-out", () => {});
// @ts-expect-error: a refreshed event has no reason
auth.on("refreshed", ({ reason }) => reason);
// @ts-expect-error: null when nobody is signed in
const text: string = await auth.token();
// @ts-expect-error: no such scope
await auth.logout({ scope: "everyone" });
// @ts-expect-error: what is inside is not part of the API
auth.inside;
