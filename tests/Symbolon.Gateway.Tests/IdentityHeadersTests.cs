using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Symbolon.Access;
using Symbolon.Testing;

namespace Symbolon.Gateway;

/// <summary>What services learn.</summary>
public class IdentityHeadersTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("admin", "admin")]
    [InlineData("orders:read/all", "orders:read/all")]
    [InlineData("a,b", "a%2Cb")]
    [InlineData("a b", "a%20b")]
    [InlineData("100%", "100%25")]
    [InlineData("a;b\"c\\", "a%3Bb%22c%5C")]
    [InlineData("Zoë", "Zo%C3%AB")]
    [InlineData("a\r\nX-Auth-Roles: admin", "a%0D%0AX-Auth-Roles:%20admin")]
    public void Encode_CanBeUndoneByAnyDecoder(string value, string expected)
    {
        Assert.Equal(expected, IdentityHeaders.Encode(value));
        Assert.Equal(value, Uri.UnescapeDataString(expected));
    }

    [Fact]
    public void Set_SetsAllFour()
    {
        var headers = new HeaderDictionary();
        IdentityHeaders.Set(headers, Claims("{}") with { Subject = "u 1", Scope = "a  b%" }, ["x", "y,z"]);
        Assert.Equal(("u%201", "", "x,y%2Cz", "a b%25"), Of(headers));
        IdentityHeaders.SetNobody(headers);
        Assert.Equal(("", "", "", ""), Of(headers));
        Assert.Equal(4, headers.Count);
    }

    [Theory]
    [InlineData("roles", "own")]
    [InlineData("groups", "a b")]
    [InlineData("role", "one")]
    [InlineData("realm_access.roles", "k1 k2")]
    [InlineData("https://example.com/roles", "url")]
    [InlineData("realm_access.missing", "")]
    [InlineData("realm_access.roles.deeper", "")]
    [InlineData("missing.roles", "")]
    [InlineData("number", "")]
    [InlineData("mixed", "")]
    public void TokenRoles_AreFoundWhereTheyAre(string claim, string expected)
    {
        var claims = Claims("""{"groups":["a","b"],"role":"one","realm_access":{"roles":["k1","k2"]},"https://example.com/roles":["url"],"number":7,"mixed":["a",1]}""");
        Assert.Equal(expected, string.Join(' ', TokenRoles.Of(claims, claim)));
    }

    private static AccessTokenClaims Claims(string extra) => new()
    {
        Issuer = "i",
        Subject = "s",
        Audience = ["a"],
        ExpiresAt = ManualTime.T0,
        IssuedAt = ManualTime.T0,
        Id = "j",
        ClientId = "c",
        Roles = ["own"],
        Extra = JsonDocument.Parse(extra).RootElement.EnumerateObject().ToDictionary(member => member.Name, member => member.Value),
    };

    private static (string, string, string, string) Of(HeaderDictionary headers) =>
        (headers["X-Auth-Subject"].ToString(), headers["X-Auth-Session"].ToString(), headers["X-Auth-Roles"].ToString(), headers["X-Auth-Scopes"].ToString());
}
