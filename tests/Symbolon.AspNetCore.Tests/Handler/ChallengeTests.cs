using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Symbolon.AspNetCore.Tests.Support;
using Symbolon.Revocation;
using Symbolon.Sessions;

namespace Symbolon.AspNetCore.Tests.Handler;

/// <summary>401 and 403 as problem documents with stable codes and WWW-Authenticate, on every way there.</summary>
public sealed class ChallengeTests(ChallengeTests.Fixture fixture) : IClassFixture<ChallengeTests.Fixture>
{
    private const string Other = "Other";

    private Api Api => fixture.Api;

    [Fact]
    public async Task Missing_SaysSo()
    {
        var answer = (await Api.SendAsync("/own")).Is(401, "token_missing");
        Assert.Equal(["Bearer"], answer.Challenges);
        Assert.Equal(SymbolonProblem.MediaType, answer.MediaType);
        Assert.Equal("no-store", answer.CacheControl);
    }

    [Fact]
    public async Task Refused_SaysWhy()
    {
        var answer = (await Api.SendAsync("/own", Api.Issuer.Token(claims => claims with { Audience = ["other"] }))).Is(401, "token_audience");
        Assert.Equal(["Bearer error=\"invalid_token\", error_description=\"token_audience\""], answer.Challenges);
    }

    [Fact]
    public async Task Head_HasTheSameHeadersAndNoBody()
    {
        var answer = (await Api.SendAsync("/own", method: HttpMethod.Head)).Is(401);
        Assert.Equal("", answer.Text);
        Assert.Equal(["Bearer"], answer.Challenges);
    }

    [Fact]
    public async Task Revoked_SaysWhyTheSessionEnded()
    {
        var sid = Guid.NewGuid().ToString();
        var token = Api.Issuer.Token(claims => claims with { SessionId = sid });
        (await Api.SendAsync("/own", token)).Is(200);
        Api.Feed.EndSession(sid, EndReason.AccountDisabled);
        Assert.Equal("account_disabled", (await Api.SendAsync("/own", token)).Is(401, "token_revoked").Reason);
    }

    [Fact]
    public async Task ClaimsStale_Is401_SoThatAClientRefreshes()
    {
        var token = Api.Issuer.Token(claims => claims with { Subject = "stale-1", ClaimsVersion = 1, Roles = ["nobody"] });
        Api.Feed.Revoke(RevocationEntry.OfClaims(new SubjectId("stale-1"), 2, TimeProvider.System.GetUtcNow()));
        (await Api.SendAsync("/editors", token)).Is(401, "claims_stale"); // before the role that it may have gained is looked for
        (await Api.SendAsync("/editors", Api.Issuer.Token(claims => claims with { Subject = "stale-1", ClaimsVersion = 2, Roles = ["editor"] }))).Is(200);
    }

    [Fact]
    public async Task SenderConstraint_Is401_BeforeARoleIsLookedFor()
    {
        var token = Api.Issuer.Token(claims => claims with { ConfirmationThumbprint = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs" });
        (await Api.SendAsync("/editors", token)).Is(401, "proof_required");
    }

    [Fact]
    public async Task Forbidden_NamesWhatIsMissing()
    {
        var token = Api.Issuer.Token();
        Assert.Equal(["Bearer error=\"insufficient_scope\""], (await Api.SendAsync("/editors", token)).Is(403, "role_missing").Challenges);
        Assert.Equal(["Bearer error=\"insufficient_scope\", scope=\"orders.read\""], (await Api.SendAsync("/orders", token)).Is(403, "scope_missing").Challenges);
        (await Api.SendAsync("/never", token)).Is(403, "forbidden");
        (await Api.SendAsync("/forbid", token)).Is(403, "forbidden");
    }

    [Fact]
    public async Task Stale_Is503_NotALogOut()
    {
        await using var api = await Api.StartAsync(Fixture.Map);
        api.Feed.SetAge(TimeSpan.FromMinutes(1));
        (await api.SendAsync("/strict", api.Issuer.Token())).Is(503, "view_stale");
        (await api.SendAsync("/offline", api.Issuer.Token())).Is(200);
    }

    [Fact]
    public async Task SeveralSchemes_AllChallenge_InEitherOrder()
    {
        foreach (var path in (string[])["/ours-first", "/ours-last"])
        {
            var answer = (await Api.SendAsync(path)).Is(401, "token_missing");
            Assert.Equal(["Bearer", Other], answer.Challenges.Order());
            (await Api.SendAsync(path, headers: ("X-Other", "1"))).Is(200);
            (await Api.SendAsync(path, Api.Issuer.Token())).Is(200);
        }
    }

    [Fact]
    public async Task Challenge_ByHand_IsAProblemDocument() => (await Api.SendAsync("/challenge")).Is(401, "token_missing");

    public sealed class Fixture : IAsyncLifetime
    {
        internal Api Api { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Api = await Api.StartAsync(Map, services: services =>
            services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, OtherHandler>(Other, configureOptions: null));

        public ValueTask DisposeAsync() => Api.DisposeAsync();

        internal static void Map(WebApplication app)
        {
            app.MapMethods("/own", ["GET", "HEAD"], () => "ok").RequireSymbolon();
            app.MapGet("/editors", () => "ok").RequireSymbolon().RequireAuthorization(policy => policy.RequireRole("editor"));
            app.MapGet("/orders", () => "ok").RequireSymbolon().RequireScope("orders.read");
            app.MapGet("/never", () => "ok").RequireSymbolon().RequireAuthorization(policy => policy.RequireAssertion(_ => false));
            app.MapGet("/forbid", () => Results.Forbid()).RequireSymbolon();
            app.MapGet("/challenge", () => Results.Challenge());
            app.MapGet("/strict", () => "ok").RequireSymbolon(new SymbolonModeAttribute(SymbolonMode.Revocable) { WhenStale = WhenStale.Deny });
            app.MapGet("/offline", () => "ok").RequireSymbolon(SymbolonMode.Offline);
            app.MapGet("/ours-first", [Authorize(AuthenticationSchemes = SymbolonDefaults.AuthenticationScheme + "," + Other)] () => "ok");
            app.MapGet("/ours-last", [Authorize(AuthenticationSchemes = Other + "," + SymbolonDefaults.AuthenticationScheme)] () => "ok");
        }
    }

    private sealed class OtherHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Request.Headers.ContainsKey("X-Other")
            ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(Other)), Other))
            : AuthenticateResult.NoResult());

        protected override Task HandleChallengeAsync(AuthenticationProperties properties)
        {
            Response.StatusCode = StatusCodes.Status401Unauthorized;
            Response.Headers.Append("WWW-Authenticate", Other);
            return Task.CompletedTask;
        }
    }
}
