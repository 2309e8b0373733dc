using Symbolon.AspNetCore;
using Symbolon.Edge.Processes;
using Symbolon.Testing;

namespace Symbolon.Edge.Faults;

/// <summary>A verifier starts while the authority cannot be reached.</summary>
public sealed class StartWithoutAuthorityTests(EdgeFixture edge) : IClassFixture<EdgeFixture>
{
    [Fact]
    public async Task Deny_Refuses_UntilTheAuthorityIsThere()
    {
        await using var relay = Relay.To(edge.Server.Address.Port);
        relay.Cut();
        await using var api = await ApiProcess.StartAsync(new ApiSettings("early", edge.Server.Address) { Via = relay.Port });

        Assert.Contains(await api.CheckAsync(edge.Honest.AccessToken), new[] { "unavailable", "view_stale" });
        relay.Open();
        await api.AcceptsAsync(edge.Honest.AccessToken);
    }

    [Theory]
    [InlineData(WhenStale.Deny, "view_stale")]
    [InlineData(WhenStale.Ask, "view_stale")]
    [InlineData(WhenStale.Allow, null)]
    public async Task KeysOfItsOwn_CountAsTheContractSays_UntilTheAuthorityIsThere(WhenStale whenStale, string? says)
    {
        var ended = await edge.NewSessionAsync();
        await edge.EndAsync(ended);
        var keys = (await edge.Authority.RequireAsync(HttpMethod.Get, "/.well-known/jwks.json")).Text;
        await using var relay = Relay.To(edge.Server.Address.Port);
        relay.Cut();
        await using var api = await ApiProcess.StartAsync(new ApiSettings("early", edge.Server.Address) { Via = relay.Port, WhenStale = whenStale, InitialJwks = keys });

        Assert.Equal(says, await api.CheckAsync(edge.Honest.AccessToken));
        Assert.Equal(says, await api.CheckAsync(ended.AccessToken));
        relay.Open();
        await Patiently.TrueAsync(async () => (await api.ViewAsync()).AgeSeconds is not null, () => $"The view does not become current.\n{api.Output}");
        Assert.Null(await api.CheckAsync(edge.Honest.AccessToken));
        Assert.Equal("token_revoked", await api.CheckAsync(ended.AccessToken));
    }
}
