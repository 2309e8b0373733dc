using Symbolon.Gateway.Requests;

namespace Symbolon.Gateway.Rules;

/// <summary>Which rule decides.</summary>
public class RouteRulesTests
{
    private const string File = """
        rules:
          - path: /public
            public: true
          - path: /
            roles: [everybody]
          - path: /admin
            roles: [admin]
          - path: /admin/help
            public: true
          - path: /orders
            methods: [GET]
            scopes: [orders.read]
          - path: /orders
            methods: [POST, DELETE]
            scopes: [orders.write]
          - path: /files
            methods: [PUT]
            roles: [writer]
          - path: /files
          - path: /café
            roles: [guest]
        """;

    [Theory]
    [InlineData("GET", "/", 4)]
    [InlineData("GET", "/other", 4)]
    [InlineData("GET", "/public", 2)]
    [InlineData("GET", "/public/", 2)]
    [InlineData("GET", "/public/a/b", 2)]
    [InlineData("GET", "/publicity", 4)] // whole segments only
    [InlineData("GET", "/admin", 6)] // the longest, wherever it stands
    [InlineData("GET", "/admin/users", 6)]
    [InlineData("GET", "/ADMIN/users", 6)] // servers that ignore case serve it all the same
    [InlineData("GET", "/%61dmin", 6)]
    [InlineData("GET", "/admin/help/x", 8)]
    [InlineData("GET", "/admin/HELP", 6)] // what is given away is given away as written
    [InlineData("GET", "/Public", 4)]
    [InlineData("GET", "/orders/7", 10)]
    [InlineData("HEAD", "/orders/7", 10)]
    [InlineData("DELETE", "/orders/7", 13)]
    [InlineData("PUT", "/orders/7", null)] // its rules list other methods: no shorter path decides
    [InlineData("OPTIONS", "/orders", null)]
    [InlineData("PUT", "/files/a", 16)]
    [InlineData("GET", "/files/a", 19)]
    [InlineData("GET", "/caf%c3%a9/menu", 20)]
    [InlineData("GET", "/CAF%C3%89/menu", 20)]
    public void Find_TakesTheLongestPath(string method, string target, int? line)
    {
        var rules = RulesYaml.Read(File, new RulesAbility(Feed: true, Live: true));
        Assert.True(PathNormalization.TryNormalize(target, out var path));
        Assert.Equal(line, rules.Find(new OriginalRequest(method, path))?.Line);
    }

    [Fact]
    public void Find_AsksForAValidToken_WhereNoRuleIs()
    {
        Assert.True(PathNormalization.TryNormalize("/x", out var path));
        var rule = RouteRules.None.Find(new OriginalRequest("GET", path));
        Assert.Same(RouteRule.Default, rule);
        Assert.False(rule!.IsPublic);
    }
}
