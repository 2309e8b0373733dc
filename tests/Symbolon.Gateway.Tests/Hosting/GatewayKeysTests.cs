using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Symbolon.Gateway.Support;

namespace Symbolon.Gateway.Hosting;

/// <summary>Keys as the gateway really gets them: from an address.</summary>
public sealed class GatewayKeysTests : IDisposable
{
    private readonly TestIssuer issuer = new();

    public void Dispose() => issuer.Dispose();

    [Theory, InlineData(true), InlineData(false)] // large issuers leave "alg" out
    public async Task Token_Passes_WhetherOrNotItsKeyNamesAnAlgorithm(bool namesAlgorithm)
    {
        await using var keys = WebApplication.CreateSlimBuilder().Build();
        keys.Urls.Add("http://127.0.0.1:0");
        keys.MapGet("/keys", () => Results.Text(issuer.Jwks(namesAlgorithm), "application/json"));
        await keys.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(rules: null, sources: null, ("JwksUri", $"{keys.Urls.Single()}/keys"));

        var answer = await RawHttp.SendAsync(gateway.Port, "GET", "/verify", "X-Forwarded-Method: GET", "X-Forwarded-Uri: /x", $"Authorization: Bearer {issuer.Token()}");

        Assert.Equal(200, answer.Status);
    }
}
