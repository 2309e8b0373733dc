using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Symbolon.AspNetCore;
using Symbolon.Authority.Accounts;
using Symbolon.Authority.Operations;
using Symbolon.Sessions;

namespace Symbolon.Authority.Endpoints;

/// <summary>Register, log in, refresh, log out.</summary>
internal static class SignInEndpoints
{
    public static void Map(IEndpointRouteBuilder auth)
    {
        auth.MapPost("/register", Register).WithSummary("Makes an account and, unless configured otherwise, logs it in.")
            .Produces<TokenResponse>(StatusCodes.Status201Created).Problems(400, 403, 409, 413, 415, 429, 503);
        auth.MapPost("/login", Login).WithSummary("Logs in with user name and password.")
            .Produces<TokenResponse>().Problems(400, 401, 403, 413, 415, 429, 503);
        auth.MapPost("/refresh", Refresh).WithSummary("Exchanges a refresh token, from the body or else the cookie. Optional header: Symbolon-Attempt.")
            .Produces<TokenResponse>().Problems(400, 401, 403, 409, 413, 415, 503);
        auth.MapPost("/logout", Logout).WithSummary("Ends the session of a refresh token, the cookie, or an access token. Unknown or already ended is fine. With wait (500ms, 2s): a receipt.")
            .Produces(StatusCodes.Status204NoContent).WithReceipt().Problems(400, 403, 413, 415, 503);
    }

    private static async Task<IResult> Register(
        RequestBody<RegisterRequest> body, HttpContext http, Register register, AddressLimits limits, SignInRules rules, IOptions<AuthorityOptions> options)
    {
        if (limits.Registration(http.Connection.RemoteIpAddress) is { } wait) return Problems.TooManyAttempts(wait);
        var request = body.Value;
        if (rules.Refusal(http, request, out var client) is { } refusal) return refusal;

        var account = new NewAccount(request.Username!, request.Password!, request.Email, request.DisplayName, Roles: []);
        var wishes = options.Value.Accounts.LoginOnRegister ? rules.Wishes(http, request) : null;
        return await register.RunAsync(account, client!, wishes, http.Origin(), http.RequestAborted) switch
        {
            RegisterOutcome.Created { Tokens: { } tokens } => new TokenResult(tokens, StatusCodes.Status201Created),
            RegisterOutcome.Created created => Json.Of(AccountResponse.Of(created.Account), StatusCodes.Status201Created),
            RegisterOutcome.Refused refused => Problems.Of(refused.Why),
            _ => Problems.Unavailable,
        };
    }

    private static async Task<IResult> Login(RequestBody<LoginRequest> body, HttpContext http, LogIn logIn, AddressLimits limits, SignInRules rules)
    {
        if (limits.Login(http.Connection.RemoteIpAddress) is { } wait) return Problems.TooManyAttempts(wait);
        var request = body.Value;
        if (rules.Refusal(http, request, out var client) is { } refusal) return refusal;

        var command = new LogInCommand(request.Username!, request.Password!, client!, rules.Wishes(http, request), http.Origin());
        return await logIn.RunAsync(command, http.RequestAborted) switch
        {
            LogInOutcome.Issued issued => new TokenResult(issued.Tokens),
            LogInOutcome.Refused refused => Problems.Of(refused.Why),
            _ => Problems.Unavailable,
        };
    }

    private static async Task<IResult> Refresh(RequestBody<RefreshTokenRequest> body, HttpContext http, RefreshSession refresh, RefreshCookie cookie, CrossSiteRule crossSite)
    {
        if (!AttemptId.TryRead(http.Request, out var attempt)) return Problems.Malformed(AttemptId.Rule);
        var (token, transport) = body.Value.RefreshToken is { } inBody ? (inBody, SessionTransport.Body) : (cookie.Read(http.Request), SessionTransport.Cookie);
        if (token is null) return cookie.IsPossible(http.Request) ? Problems.RefreshInvalid : Problems.HttpsRequired; // a proxy's mistake ends no session
        if (transport == SessionTransport.Cookie && !crossSite.Allows(http.Request)) return Problems.CrossSite;

        var outcome = await refresh.RunAsync(new RefreshCommand(token, ClientId: null, transport, attempt), http.RequestAborted);
        if (outcome is RefreshOutcome.Issued issued) return new TokenResult(issued.Tokens);
        if (transport == SessionTransport.Cookie && outcome.IsOver()) cookie.Clear(http);
        return outcome.Problem();
    }

    private static async Task<IResult> Logout(RequestBody<RefreshTokenRequest> body, HttpContext http, LogOut logOut, RefreshCookie cookie, CrossSiteRule crossSite)
    {
        var ct = http.RequestAborted;
        var fromBody = body.Value.RefreshToken is { } token ? await logOut.FindAsync(token, clientId: null, SessionTransport.Body, ct) : null;
        var (jar, mayUseJar) = (cookie.Read(http.Request), crossSite.Allows(http.Request));
        var bearer = await http.AuthenticateAsync(SymbolonDefaults.AuthenticationScheme);
        if (jar is not null && !mayUseJar && body.Value.RefreshToken is null && !bearer.Succeeded) return Problems.CrossSite;

        var fromJar = jar is not null && mayUseJar ? await logOut.FindAsync(jar, clientId: null, SessionTransport.Cookie, ct) : null;
        var fromBearer = SessionId.TryParse(bearer.Principal?.SessionId(), out var sid) ? sid : (SessionId?)null;
        var named = new[] { fromBody?.Id, fromJar?.Id, fromBearer }.OfType<SessionId>().Distinct().ToList();
        if (named.Count > 1) return Problems.Malformed("The tokens name different sessions. Send one of them.");

        if (named.Count == 0 && bearer.Failure?.Message == Problems.Unavailable.Code) return Problems.Unavailable;
        http.Features.Get<SymbolonConnection>()?.Dispose(); // what is revoked next would cut off its own answer
        // Not the request's token: who signs out and leaves the page at once has signed out.
        var by = fromBody?.Subject.Value ?? fromJar?.Subject.Value ?? bearer.Principal?.Subject();
        if (named.Count == 1 && await logOut.RunAsync(named[0], by!, CancellationToken.None)) EndedNow.Mark(http);
        if (mayUseJar) cookie.Clear(http);
        return Results.NoContent();
    }
}
