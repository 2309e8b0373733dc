using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Symbolon.Access;
using Symbolon.AspNetCore.Tests.Support;
using Symbolon.Sessions;

namespace Symbolon.AspNetCore.Tests.Handler;

/// <summary>Which mode counts for a route: its own, that of what stands around it, the scheme's; and that it counts wherever authentication stands in the pipeline.</summary>
public sealed class RouteModeTests
{
    private static readonly LiveAnswer Ended = new(AccessTokenFailure.Revoked, "logout");

    [Fact]
    public async Task SchemesMode_Counts_WhenTheRouteNamesNone()
    {
        await using var api = await Api.StartAsync(
            app => app.MapGet("/a", () => "x").RequireSymbolon(new SymbolonModeAttribute { WhenStale = WhenStale.Deny }), o => o.Mode = SymbolonMode.Live);
        (await api.SendAsync("/a", api.Issuer.Token())).Is(200);
        Assert.Equal(1, api.Live.Questions);
        api.Live.Answer = _ => Ended;
        (await api.SendAsync("/a", api.Issuer.Token())).Is(401, "token_revoked");
    }

    [Fact]
    public async Task GroupsMode_Counts_WhenTheRouteNamesNone()
    {
        await using var api = await Api.StartAsync(app =>
        {
            var live = app.MapGroup("/live").RequireSymbolon(SymbolonMode.Live);
            live.MapGet("/a", () => "x").RequireSymbolon();
            live.MapGet("/own", () => "x").RequireSymbolon(SymbolonMode.Revocable);
        });
        api.Live.Answer = _ => Ended;
        (await api.SendAsync("/live/a", api.Issuer.Token())).Is(401, "token_revoked");
        (await api.SendAsync("/live/own", api.Issuer.Token())).Is(200);
    }

    [Fact]
    public async Task LiveRoute_IsForNobodyWhoWasNotAskedAbout_WhenAnotherSchemeLetsIn()
    {
        await using var api = await Api.StartAsync(app =>
        {
            app.Use((http, next) =>
            {
                http.User = new(new System.Security.Claims.ClaimsIdentity("another"));
                return next(http);
            });
            app.UseRouting();
            app.UseAuthorization();
            app.MapGet("/a", () => "x").RequireSymbolon(SymbolonMode.Live);
        });
        (await api.SendAsync("/a")).Is(401, "token_missing");
    }

    [Fact]
    public async Task RevocableRoute_RefusesWhatIsRevoked_WhenAuthenticationRunsBeforeRouting()
    {
        await using var api = await Misordered(routes => routes.MapGet("/a", () => "x").RequireSymbolon(SymbolonMode.Revocable), o => o.Mode = SymbolonMode.Offline);
        var sid = new SessionId(Guid.NewGuid()).ToString();
        api.Feed.EndSession(sid);
        (await api.SendAsync("/a", api.Issuer.Token(claims => claims with { SessionId = sid }))).Is(401, "token_revoked");
        (await api.SendAsync("/a", api.Issuer.Token())).Is(200);
    }

    [Fact]
    public async Task DenyingRoute_RefusesAnOldView_WhenAuthenticationRunsBeforeRouting()
    {
        await using var api = await Misordered(
            routes => routes.MapGet("/a", () => "x").RequireSymbolon(new SymbolonModeAttribute { WhenStale = WhenStale.Deny, MaxStalenessSeconds = 1 }), o => o.WhenStale = WhenStale.Allow);
        (await api.SendAsync("/a", api.Issuer.Token())).Is(200);
        api.Feed.SetAge(TimeSpan.FromSeconds(30));
        (await api.SendAsync("/a", api.Issuer.Token())).Is(503, "view_stale");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task BareLiveAttribute_IsAsked_WhereverAuthenticationRuns(bool isMisordered)
    {
        void Map(IEndpointRouteBuilder routes) => routes.MapGet("/a", [Authorize, SymbolonMode(SymbolonMode.Live)] () => "x");
        await using var api = isMisordered ? await Misordered(Map) : await Api.StartAsync(Map);
        (await api.SendAsync("/a", api.Issuer.Token())).Is(200);
        Assert.Equal(1, api.Live.Questions);
        api.Live.Answer = _ => Ended;
        Assert.Equal("logout", (await api.SendAsync("/a", api.Issuer.Token())).Is(401, "token_revoked").Reason);
    }

    [Fact]
    public async Task OpenConnection_IsWatched_WhenAuthenticationRanBeforeRouting()
    {
        await using var api = await Misordered(
            routes => routes.MapGet("/a", (Microsoft.AspNetCore.Http.HttpContext http) => http.Features.Get<SymbolonConnection>() is not null).RequireSymbolon(SymbolonMode.Revocable), o => o.Mode = SymbolonMode.Offline);
        Assert.Equal("true", (await api.SendAsync("/a", api.Issuer.Token())).Is(200).Text);
    }

    private static Task<Api> Misordered(Action<IEndpointRouteBuilder> map, Action<SymbolonOptions>? options = null) => Api.StartAsync(
        app =>
        {
            app.UseAuthentication();
            app.UseRouting();
            app.UseAuthorization();
            map(app);
        },
        options);
}
