using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Symbolon.AspNetCore.Tests.Support;

namespace Symbolon.AspNetCore.Tests.Interop;

/// <summary>Services in another language take our tokens through our JWKS, and refuse what they must. docs/other-languages.md says what each leaves to its user.</summary>
public sealed class ResourceServerTests
{
    [Fact]
    public async Task Packages_AcceptOurTokens_AndRefuseOthers()
    {
        Issuer? issuer = null;
        await using var api = await Api.StartAsync(app => app.MapGet("/jwks", () => Results.Text(issuer!.Jwks, "application/jwk-set+json")));
        issuer = api.Issuer;
        using var stranger = new Issuer(TimeProvider.System);
        var now = TimeProvider.System.GetUtcNow();
        var good = issuer.Token();
        var tokens = new Dictionary<string, string?>
        {
            ["good"] = good,
            ["tampered"] = Tampered(good),
            ["expired"] = issuer.Token(claims => claims with { IssuedAt = now.AddHours(-1), ExpiresAt = now.AddMinutes(-10) }),
            ["audience"] = issuer.Token(claims => claims with { Audience = ["other"] }),
            ["issuer"] = issuer.Token(claims => claims with { Issuer = "https://other.example" }),
            ["stranger"] = stranger.Token(),
            ["missing"] = null,
            ["type"] = issuer.TokenOfType("JWT"),
        };
        using var node = NodeProcess.Start("resource-servers.mjs", new { issuer = Issuer.Name, audience = Issuer.Audience, jwks = new Uri(api.Address, "/jwks"), tokens });
        var results = await node.ReadAsync();
        foreach (var library in results.EnumerateObject())
        {
            foreach (var (name, _) in tokens)
            {
                var checksType = library.Name is "jose" or "express-oauth2-jwt-bearer strict";
                var accepts = name == "good" || (name == "type" && !checksType);
                var status = library.Value.GetProperty(name).GetInt32();
                Assert.True(accepts ? status == 200 : status == 401, $"{library.Name} answers {status} to the token '{name}'.");
            }
        }
    }

    private static string Tampered(string token)
    {
        var middle = token.Length - 20;
        return token[..middle] + (token[middle] == 'A' ? 'B' : 'A') + token[(middle + 1)..];
    }
}
