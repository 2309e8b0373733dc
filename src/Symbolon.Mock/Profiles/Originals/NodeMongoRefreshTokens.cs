using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.Authority.Operations;
using Symbolon.Authority.Ports;
using Symbolon.Sessions;

namespace Symbolon.Mock.Profiles.Originals;

/// <summary><c>node-mongo-jwt-refresh-tokens-api</c> (cornflourblue): access tokens of 15 minutes, and refresh tokens in a cookie, which here are the engine's.</summary>
internal static class NodeMongoRefreshTokens
{
    private const string Cookie = "refreshToken";
    private const int MostSessions = 200;
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);
    private static readonly string[] Credentials = ["username", "password"];
    private static readonly ProfileAnswer Unauthorized = ProfileAnswer.Message(401, "Unauthorized"), Invalid = ProfileAnswer.Message(400, "Invalid token");

    public static ProfileDefinition Definition { get; } = new("node-mongo-jwt-refresh-tokens-api")
    {
        Url = "http://localhost:4000",
        Accounts = [new MockAccount("test", "test", "admin") { DisplayName = "Test User" }],
        Configure = authority => (authority.AccessToken.Lifetime, authority.Session.Inactivity) = (TimeSpan.FromMinutes(15), Week),
        Show = user => new JsonObject { ["id"] = IdOf(user), ["firstName"] = user.FirstName, ["lastName"] = user.LastName, ["username"] = user.Account.UserName, ["role"] = user.Role },
        Routes = _ =>
        [
            new("POST", "/users/authenticate", Authenticate),
            new("POST", "/users/refresh-token", Refresh),
            new("POST", "/users/revoke-token", Guard.SignedIn(Unauthorized, Revoke)),
            new("GET", "/users", Guard.WithRole("admin", Unauthorized, Shapes.List)),
            new("GET", "/users/:id", Guard.SelfOrAdmin(Unauthorized, IdOf, call => OfUser(call, (_, user) => new(Shapes.Shown(call, user))))),
            new("GET", "/users/:id/refresh-tokens", Guard.SelfOrAdmin(Unauthorized, IdOf, call => OfUser(call, Tokens))),
        ],
        Bugs = ["refresh tokens are kept and listed in clear", "a refresh token that comes again is refused, and its session goes on"],
    };

    private static async Task<ProfileAnswer> Authenticate(ProfileCall call)
    {
        var missing = Credentials.Where(name => call.Text(name).Length == 0).Select(name => $"\"{name}\" is {(call.Body.Value.ContainsKey(name) ? "not allowed to be empty" : "required")}").ToList();
        if (missing.Count > 0) return ProfileAnswer.Message(400, $"Validation error: {string.Join(", ", missing)}");
        return await call.World.SignIn.LogInAsync(call, call.Text("username"), call.Text("password"), SessionTransport.Cookie) is { } login
            ? Answer(call, login) : ProfileAnswer.Message(400, Shapes.WrongPassword);
    }

    private static async Task<ProfileAnswer> Refresh(ProfileCall call)
    {
        if (call.Http.Request.Cookies[Cookie] is not { Length: > 0 } token) return Invalid;
        // The original knows its tokens by itself; the engine never hears of one that comes again, and so cannot end the session for it.
        if (call.World.Settings.IsBugCompatible && !call.World.Ledger.IsActive(token, Now(call))) return Invalid;
        if (await call.World.SignIn.RefreshAsync(call, token) is not { } login) return Invalid;
        call.World.Ledger.Revoke(token, Now(call), Address(call), login.Tokens.RefreshToken);
        return Answer(call, login);
    }

    private static async Task<ProfileAnswer> Revoke(ProfileCall call)
    {
        var token = call.Text("token") is { Length: > 0 } inBody ? inBody : call.Http.Request.Cookies[Cookie];
        if (string.IsNullOrEmpty(token)) return ProfileAnswer.Message(400, "Token is required");
        var (logOut, caller) = (call.World.Engine.GetRequiredService<LogOut>(), call.Caller.User);
        var session = await logOut.FindAsync(token, clientId: null, SessionTransport.Cookie, call.Http.RequestAborted);
        if (session?.Subject != caller.Account.Id && !caller.Has("admin")) return Unauthorized;
        if (session is null || (call.World.Settings.IsBugCompatible && !call.World.Ledger.IsActive(token, Now(call)))) return Invalid;
        if (!await logOut.RunAsync(session.Id, caller.Account.Id.Value, call.Http.RequestAborted)) return Invalid;
        call.World.Ledger.Revoke(token, Now(call), Address(call));
        return ProfileAnswer.Message(200, "Token revoked");
    }

    private static async Task<ProfileAnswer> OfUser(ProfileCall call, Func<ProfileCall, ProfileUser, ValueTask<JsonNode>> show) =>
        (await call.World.Users.AllAsync(call.Http.RequestAborted)).FirstOrDefault(user => IdOf(user) == call.Id) is { } found
            ? ProfileAnswer.Ok(await show(call, found)) : ProfileAnswer.Message(404, "User not found");

    // The engine keeps no refresh token; each session has one chain of them.
    private static async ValueTask<JsonNode> Tokens(ProfileCall call, ProfileUser user)
    {
        var now = Now(call);
        if (call.World.Settings.IsBugCompatible) return call.World.Ledger.Of(user.Account.Id, now);
        var rows = await call.World.Sessions.ListAsync(new SessionQuery(user.Account.Id, ClientId: null, LiveOnly: false, Before: null, MostSessions), call.Http.RequestAborted);
        return new JsonArray([.. rows.Reverse().Select(row => RefreshLedger.Describe(row.CreatedAt, row.ExpiresAt, row.IpAddress, row.Ending?.At, now))]);
    }

    private static ProfileAnswer Answer(ProfileCall call, ProfileLogin login)
    {
        if (call.World.Settings.IsBugCompatible) call.World.Ledger.Add(login.User.Account.Id, login.Tokens.RefreshToken, login.Tokens.IssuedAt, Week, Address(call));
        call.Http.Response.Cookies.Append(Cookie, login.Tokens.RefreshToken, new CookieOptions { HttpOnly = true, MaxAge = Week, Path = "/" });
        var shown = Shapes.Shown(call, login.User);
        shown["jwtToken"] = login.Token;
        return ProfileAnswer.Ok(shown);
    }

    // As MongoDB writes ids.
    private static string IdOf(ProfileUser user) => $"{user.Id:x24}";

    private static string? Address(ProfileCall call) => call.Http.Connection.RemoteIpAddress?.ToString();

    private static DateTimeOffset Now(ProfileCall call) => call.World.Engine.GetRequiredService<TimeProvider>().GetUtcNow();
}
