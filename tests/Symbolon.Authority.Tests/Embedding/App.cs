using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Symbolon.AspNetCore;
using Symbolon.Authority.Tests.Support;
using Symbolon.Sessions;

namespace Symbolon.Authority.Tests.Embedding;

/// <summary>An application with Identity users of its own that embeds the authority: its sign-in rules, its endpoints, its own log-in.</summary>
internal static class App
{
    public const int Iterations = 200;
    public const string OwnScheme = "app";

    public static async Task<TestServer> StartAsync(AppUserStore store, bool withOwnScheme = false)
    {
        var time = new ManualTime();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var services = builder.Services;
        services.AddSingleton<TimeProvider>(time);
        services.AddSingleton<IUserStore<AppUser>>(store);
        services.AddIdentityCore<AppUser>(identity => identity.SignIn.RequireConfirmedEmail = true);
        services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = Iterations);
        if (withOwnScheme) services.AddAuthentication(OwnScheme).AddScheme<AuthenticationSchemeOptions, HeaderHandler>(OwnScheme, configureOptions: null);
        services.AddSymbolon(Configure).AddInMemory().AddUsers<AppUser>(map =>
        {
            map.GetDisplayName = user => user.Nickname;
            map.SetDisplayName = (user, name) => user.Nickname = name;
            map.GetClaims = user => new Dictionary<string, JsonElement> { ["tenant"] = JsonSerializer.SerializeToElement(user.Tenant) };
        });
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        Map(app);
        return await TestServer.StartAsync(app, time);
    }

    private static void Configure(AuthorityOptions options)
    {
        options.Issuer = TestServer.Issuer;
        options.MasterKeys.Add(new MasterKeyOptions { Id = 1, Value = TestServer.MasterKey });
        options.Clients.Add(new ClientOptions { Id = "reporter", Scopes = { "reports" } });
    }

    private static void Map(WebApplication app)
    {
        app.MapSymbolon("/auth");
        app.MapGet("/own", (ClaimsPrincipal user) => $"{user.Identity!.AuthenticationType} {user.FindFirstValue("tenant")}").RequireAuthorization();
        app.MapGet("/theirs", (ClaimsPrincipal user) => user.FindFirstValue("tenant")).RequireSymbolon(SymbolonMode.Live);
        app.MapGet("/anyone", () => "ok").RequireSymbolon();
        app.MapGet("/managers", () => "ok").RequireSymbolon().RequireAuthorization(policy => policy.RequireRole("MANAGER"));
        app.MapGet("/reports", () => "ok").RequireSymbolon().RequireScope("reports");
        app.MapPost("/own-login", async (string name, UserManager<AppUser> users, SymbolonAuthority authority, HttpContext http) =>
        {
            var user = await users.FindByNameAsync(name);
            return new TokenResult(await authority.StartAsync(
                new SessionRequest(new SubjectId(user!.Id)) { Amr = ["otp", "mfa"], Acr = "high", IpAddress = http.Connection.RemoteIpAddress }));
        });
    }

    private sealed class HeaderHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Request.Headers.ContainsKey("X-App-User")
            ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(OwnScheme)), OwnScheme))
            : AuthenticateResult.NoResult());
    }
}
