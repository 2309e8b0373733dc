using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Symbolon.AspNetCore;
using Symbolon.Bench.Refresh;

namespace Symbolon.Bench.Processes;

/// <summary>The smallest API, run as a process of its own; the same route behind nothing, behind our scheme, and behind others.</summary>
internal static class BenchApi
{
    public const string Command = "api", Route = "/orders", Tokens = "/tokens", Health = "/public/health", Allocated = "/public/allocated";

    /// <summary>What stands before the route.</summary>
    public const string Anonymous = "anonymous", Symbolon = "symbolon", SymbolonRoute = "symbolon-route", Forgetful = "forgetful", JsonWebTokens = "json-web-tokens", Anybody = "anybody", BearerTokens = "bearer-tokens";

    // As the Web SDK makes programs that are servers; this program's own settings are for quiet measurements.
    private static readonly (string, string)[] ServerRuntime = [("DOTNET_gcServer", "1"), ("DOTNET_gcConcurrent", "1")];

    /// <summary>Starts one.</summary>
    /// <param name="kind">What stands before the route.</param>
    /// <param name="authority">The authority; null where none is needed.</param>
    /// <param name="settings">Settings of the scheme.</param>
    /// <returns>The process, and its port.</returns>
    public static async Task<(MeasuredProcess Process, int Port)> StartAsync(string kind, ServerProcess? authority, params (string Name, string Value)[] settings)
    {
        var port = MeasuredProcess.FreePort();
        var start = MeasuredProcess.Ours(typeof(BenchApi).Assembly.Location, port, [.. ServerRuntime, .. Scheme(kind, authority, settings)]);
        start.ArgumentList.Insert(1, kind);
        start.ArgumentList.Insert(1, Command);
        if (authority is not null) start.ArgumentList.Add($"--authority=http://127.0.0.1:{authority.Port}");
        return (await MeasuredProcess.StartAsync(start, new Uri($"http://127.0.0.1:{port}{Health}")), port);
    }

    /// <summary>Runs one until it is told to stop.</summary>
    public static async Task<int> RunAsync(string kind, string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var authentication = kind == Anonymous ? null : builder.Services.AddAuthorization().AddAuthentication();
        if (kind is Symbolon or SymbolonRoute or Forgetful) authentication!.AddSymbolon();
        if (kind == Anybody) authentication!.AddScheme<AuthenticationSchemeOptions, AnybodyHandler>("Anybody", null);
        if (kind == JsonWebTokens) authentication!.AddScheme<PeerOptions, PeerHandler>("Peer", await PeerAsync(builder.Configuration["authority"]!));
        if (kind == BearerTokens) authentication!.AddBearerToken().Services.AddDataProtection().UseEphemeralDataProtectionProvider();

        var app = builder.Build();
        app.MapGet(Health, () => "");
        app.MapGet(Allocated, () => $"{GC.GetTotalAllocatedBytes()}");
        var route = app.MapGet(Route, () => "served");
        if (kind == SymbolonRoute) route.RequireSymbolon();
        else if (kind != Anonymous) route.RequireAuthorization();
        if (kind == BearerTokens) app.MapGet(Tokens, (int count, IOptionsMonitor<BearerTokenOptions> options) => Enumerable.Range(0, count).Select(_ => BearerToken(options.Get(BearerTokenDefaults.AuthenticationScheme))));
        await app.RunAsync();
        return 0;
    }

    private static IEnumerable<(string Name, string Value)> Scheme(string kind, ServerProcess? authority, (string Name, string Value)[] settings)
    {
        if (authority is null || kind == JsonWebTokens) return [];
        var address = $"http://127.0.0.1:{authority.Port}";
        (string Name, string Value)[] all =
        [
            ("Authority", address), ("Issuer", Seed.Issuer), ("Audience", "api"), ("JwksUri", $"{address}/.well-known/jwks.json"), ("RememberedTokens", kind == Forgetful ? "0" : "32768"),
            ("ClientId", ServerProcess.Verifier), ("ClientSecret", ServerProcess.VerifierSecret), .. settings,
        ];
        return all.Select(one => ($"Authentication__Schemes__{SymbolonDefaults.AuthenticationScheme}__{one.Name}", one.Value));
    }

    private static async Task<Action<PeerOptions>> PeerAsync(string authority)
    {
        using var http = new HttpClient();
        var keys = new JsonWebKeySet(await http.GetStringAsync($"{authority}/.well-known/jwks.json"));
        return options => options.Parameters = new TokenValidationParameters
        {
            ValidIssuer = Seed.Issuer, ValidAudience = "api", ValidTypes = ["at+jwt"], ValidAlgorithms = ["ES256"], IssuerSigningKeys = keys.GetSigningKeys(), NameClaimType = "sub", RoleClaimType = "roles",
        };
    }

    // With the claims that our principal has.
    private static string BearerToken(BearerTokenOptions options)
    {
        var subject = Guid.CreateVersion7().ToString();
        var identity = new ClaimsIdentity(
            [
                new("sub", subject), new(ClaimTypes.NameIdentifier, subject), new("client_id", "web"), new("jti", Guid.NewGuid().ToString("N")), new("sid", Guid.CreateVersion7().ToString()),
                new("auth_time", "1795273200"), new("roles", "user"),
            ], BearerTokenDefaults.AuthenticationScheme, "sub", "roles");
        var properties = new AuthenticationProperties { ExpiresUtc = DateTimeOffset.UtcNow.AddHours(1) };
        return options.BearerTokenProtector.Protect(new AuthenticationTicket(new ClaimsPrincipal(identity), properties, $"{BearerTokenDefaults.AuthenticationScheme}:AccessToken"));
    }

    private sealed class PeerOptions : AuthenticationSchemeOptions
    {
        public TokenValidationParameters Parameters { get; set; } = new();

        public JsonWebTokenHandler Tokens { get; } = new() { MapInboundClaims = false };
    }

    /// <summary>Says of everybody the same, made once: what is left is what the framework costs under any scheme.</summary>
    private sealed class AnybodyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        private static readonly Task<AuthenticateResult> Same = Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new("sub", "anybody")], "Anybody")), "Anybody")));

        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Same;
    }

    /// <summary>What the framework's JWT scheme does with a token, and nothing else of it: that package is not part of the SDK.</summary>
    private sealed class PeerHandler(IOptionsMonitor<PeerOptions> options, ILoggerFactory logger, UrlEncoder encoder) : AuthenticationHandler<PeerOptions>(options, logger, encoder)
    {
        private const string Bearer = "Bearer ";

        protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            var header = Request.Headers.Authorization.ToString();
            if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return AuthenticateResult.NoResult();
            var result = await Options.Tokens.ValidateTokenAsync(header[Bearer.Length..], Options.Parameters);
            return result.IsValid ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(result.ClaimsIdentity), Scheme.Name)) : AuthenticateResult.Fail(result.Exception);
        }
    }
}
