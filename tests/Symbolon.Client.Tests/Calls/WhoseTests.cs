using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Symbolon.Client.Tests.Support;
using Symbolon.Testing;

namespace Symbolon.Client.Tests.Calls;

/// <summary>A token is its session's, and its authority's: no request is sent with somebody else's, and nobody else is shown one.</summary>
public class WhoseTests
{
    [Fact]
    public async Task RefusedRequest_IsNotSentAgain_AsSomebodyElse()
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync();
        authority.Time.Advance(TimeSpan.FromMinutes(11));
        var gate = authority.Faults.HoldAnswers("/api/echo");
        var refused = client.Http.PostAsync("/api/echo", new StringContent("what ada writes"));
        await gate.Reached;
        await client.Session.LoginAsync(new LoginRequest("admin", TestAuthority.AdminPassword));

        gate.Open();

        Assert.Equal((401, 1), ((int)(await refused).StatusCode, authority.Count("/api/echo")));
        Assert.Equal(200, await client.CallAsync());
    }

    [Fact]
    public async Task Tokens_AreShownToTheirAuthorityAlone_WhenAnotherIsConfigured()
    {
        await using var authority = await TestAuthority.StartAsync();
        await using var other = await TestAuthority.StartAsync();
        var store = new MemoryTokenStore();
        using var before = await authority.SignedInAsync(store: store);
        using var client = other.Client(store: store); // staging was made production, and the folder stayed

        Assert.Null(await client.Session.GetTokenAsync());
        Assert.Equal("none", await client.Http.GetStringAsync("/api/open"));
        Assert.Equal(RefreshOutcome.SignedOut, await client.Session.RefreshAsync());
        await client.Session.LogoutAsync();
        Assert.Equal(RefreshOutcome.Refreshed, await before.Session.RefreshAsync()); // and back

        await client.Session.LoginAsync(new LoginRequest(TestAuthority.User, TestAuthority.Password));
        Assert.Equal(200, await client.CallAsync());
        Assert.Equal((0, 0), (other.Refreshes, other.Count("/auth/logout")));
        Assert.Equal(1, client.Log.Count(5009));
    }

    [Fact]
    public async Task LogoutNotToldYet_IsToldToItsAuthorityAlone()
    {
        await using var authority = await TestAuthority.StartAsync();
        await using var other = await TestAuthority.StartAsync();
        var store = new MemoryTokenStore();
        authority.Faults.Cut("/auth/logout");
        using (var client = await authority.SignedInAsync(store: store)) await client.Session.LogoutAsync();

        using (var client = await other.SignedInAsync(store: store))
        {
            Assert.Equal(RefreshOutcome.Refreshed, await client.Session.RefreshAsync());
            await client.Session.LogoutAsync();
        }

        Assert.Equal(1, other.Count("/auth/logout"));
        authority.Faults.Clear();
        using var next = authority.Client(store: store);
        Assert.Null(await next.Session.GetTokenAsync());
        await Patiently.TrueAsync(() => authority.Count("/auth/logout") == 2, "The authority is not told.");
    }

    [Theory]
    [InlineData("/auth/login")]
    [InlineData("/auth/refresh")]
    public async Task Secrets_DoNotFollowARedirect_WhateverTheHandler(string path)
    {
        await using var authority = await TestAuthority.StartAsync();
        await using var other = await TestAuthority.StartAsync();
        var seen = new StringBuilder();
        other.Faults.On(path, async (http, _) =>
        {
            using var reader = new StreamReader(http.Request.Body);
            seen.Append(await reader.ReadToEndAsync());
        });
        using var client = SymbolonClient.Create(authority.Options(), handler: new HttpClientHandler()); // which follows redirects
        await client.Session.LoginAsync(new LoginRequest(TestAuthority.User, TestAuthority.Password));
        authority.Faults.On(path, (http, _) =>
        {
            (http.Response.StatusCode, http.Response.Headers.Location) = (307, new Uri(other.Address, path).AbsoluteUri);
            return Task.CompletedTask;
        });

        if (path == "/auth/refresh") Assert.Equal(RefreshOutcome.Kept, await client.Session.RefreshAsync());
        else await Assert.ThrowsAnyAsync<SymbolonUnavailableException>(() => client.Session.LoginAsync(new LoginRequest(TestAuthority.User, TestAuthority.Password)));

        Assert.Equal("", seen.ToString());
    }

    [Fact]
    public async Task OwnAuthorization_IsLeftAlone_ThoughItIsOfNoKnownForm()
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync();
        string? came = null;
        authority.Faults.On("/api/open", (http, _) =>
        {
            came = http.Request.Headers.Authorization;
            return Task.CompletedTask;
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/open");
        request.Headers.TryAddWithoutValidation("Authorization", "@my own@");

        using var answer = await client.Http.SendAsync(request);

        Assert.Equal((HttpStatusCode.OK, "@my own@"), (answer.StatusCode, came));
    }
}
