using System.Globalization;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.AspNetCore.Tests.Support;

namespace Symbolon.AspNetCore.Tests.Handler;

/// <summary>What a token says stands where ASP.NET Core looks for it: controllers, routes, policies and handlers find it.</summary>
public sealed class PrincipalTests(PrincipalTests.Fixture fixture) : IClassFixture<PrincipalTests.Fixture>
{
    private Api Api => fixture.Api;

    [Fact]
    public async Task Principal_HasEachClaimInItsPlace()
    {
        var token = Api.Issuer.Token(claims => claims with
        {
            Subject = "u1",
            Roles = ["editor", "viewer"],
            Scope = "orders.read  orders.write",
            Acr = "high",
            Extra = Issuer.Extra("tenant", "t7"),
        });
        var user = JsonDocument.Parse((await Api.SendAsync("/who", token)).Is(200).Text).RootElement;
        Assert.Equal("u1", user.GetProperty("sub").GetString());
        Assert.Equal("u1", user.GetProperty("id").GetString());
        Assert.Equal("u1", user.GetProperty("name").GetString());
        Assert.Equal(36, user.GetProperty("sid").GetString()!.Length);
        Assert.Equal("True True False", user.GetProperty("roles").GetString());
        Assert.Equal("True True False", user.GetProperty("scopes").GetString());
        Assert.Equal("t7", user.GetProperty("tenant").GetString());
    }

    [Theory]
    [InlineData("/roles/minimal")]
    [InlineData("/roles/controller")]
    [InlineData("/roles/policy")]
    [InlineData("/roles/handler")]
    public async Task Roles_Decide_WhereverTheyAreAsked(string path)
    {
        (await Api.SendAsync(path, Api.Issuer.Token(claims => claims with { Roles = ["editor"] }))).Is(200);
        (await Api.SendAsync(path, Api.Issuer.Token(claims => claims with { Roles = ["Editor", "viewer"] }))).Is(403);
        (await Api.SendAsync(path)).Is(401, "token_missing");
    }

    [Theory]
    [InlineData("/scopes/minimal", "scope_missing")]
    [InlineData("/scopes/policy", "scope_missing")]
    [InlineData("/scopes/handler", null)]
    public async Task Scopes_Decide_WhereverTheyAreAsked(string path, string? code)
    {
        (await Api.SendAsync(path, Api.Issuer.Token(claims => claims with { Scope = "orders.read orders.write" }))).Is(200);
        (await Api.SendAsync(path, Api.Issuer.Token(claims => claims with { Scope = "orders.writer" }))).Is(403, code);
    }

    [Fact]
    public async Task Fallback_AsksForATokenWhereNothingElseIsSaid()
    {
        (await Api.SendAsync("/unsaid")).Is(401, "token_missing");
        (await Api.SendAsync("/unsaid", Api.Issuer.Token())).Is(200);
        (await Api.SendAsync("/open")).Is(200);
    }

    [Fact]
    public async Task Ticket_ExpiresWithTheToken()
    {
        var exp = TimeProvider.System.GetUtcNow().AddMinutes(7);
        var answer = (await Api.SendAsync("/expires", Api.Issuer.Token(claims => claims with { ExpiresAt = exp }))).Is(200);
        Assert.Equal(exp.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), answer.Text);
    }

    [Fact]
    public async Task Principal_IsOfItsRequestAlone_WhenATransformationAddsToIt()
    {
        var token = Api.Issuer.Token();
        Assert.Equal("1", (await Api.SendAsync("/transformed", token)).Is(200).Text);
        Assert.Equal("1", (await Api.SendAsync("/transformed", token)).Is(200).Text);
    }

    public sealed class Fixture : IAsyncLifetime
    {
        internal Api Api { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Api = await Api.StartAsync(Map, services: services =>
        {
            services.AddControllers().AddApplicationPart(typeof(RolesController).Assembly);
            services.AddTransient<IClaimsTransformation, Adding>();
            services.AddAuthorizationBuilder()
                .AddPolicy("editors", policy => policy.RequireRole("editor"))
                .AddPolicy("readers", policy => policy.RequireScope("orders.read"))
                .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        });

        public ValueTask DisposeAsync() => Api.DisposeAsync();

        private static void Map(WebApplication app)
        {
            app.MapControllers();
            app.MapGet("/who", Who);
            app.MapGet("/roles/minimal", [Authorize(Roles = "editor")] () => "ok");
            app.MapGet("/roles/policy", () => "ok").RequireAuthorization("editors");
            app.MapGet("/roles/handler", (ClaimsPrincipal user) => user.IsInRole("editor") ? Results.Ok() : Results.Forbid());
            app.MapGet("/scopes/minimal", () => "ok").RequireSymbolon().RequireScope("orders.read");
            app.MapGet("/scopes/policy", () => "ok").RequireAuthorization("readers");
            app.MapGet("/scopes/handler", (ClaimsPrincipal user) => user.HasScope("orders.read") ? Results.Ok() : Results.Forbid());
            app.MapGet("/unsaid", () => "ok");
            app.MapGet("/open", () => "ok").AllowAnonymous();
            app.MapGet("/expires", async (HttpContext http) => $"{(await http.AuthenticateAsync()).Properties!.ExpiresUtc!.Value.ToUnixTimeSeconds()}");
            app.MapGet("/transformed", (ClaimsPrincipal user) => $"{user.FindAll("added").Count()}");
        }

        private static object Who(ClaimsPrincipal user) => new
        {
            sub = user.Subject(),
            id = user.FindFirstValue(ClaimTypes.NameIdentifier),
            name = user.Identity!.Name,
            sid = user.SessionId(),
            roles = $"{user.IsInRole("editor")} {user.IsInRole("viewer")} {user.IsInRole("Viewer")}",
            scopes = $"{user.HasScope("orders.read")} {user.HasScope("orders.write")} {user.HasScope("orders")}",
            tenant = user.FindFirstValue("tenant"),
        };

        private sealed class Adding : IClaimsTransformation
        {
            public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
            {
                principal.AddIdentity(new ClaimsIdentity([new Claim("added", "1")]));
                return Task.FromResult(principal);
            }
        }
    }
}

/// <summary>A controller as applications write them.</summary>
[ApiController]
public sealed class RolesController : ControllerBase
{
    /// <summary>Editors only.</summary>
    [HttpGet("/roles/controller")]
    [Authorize(Roles = "editor")]
    public IActionResult Get() => Ok();
}
