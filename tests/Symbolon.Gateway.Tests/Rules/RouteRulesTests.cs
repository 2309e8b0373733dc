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

    [Theory]
    [InlineData("methods: [GET]", "methods: [HEAD]", "HEAD", 4)]
    [InlineData("methods: [HEAD]", "methods: [GET]", "HEAD", 2)]
    [InlineData("methods: [GET]", "mode: offline", "HEAD", 2)]
    [InlineData("mode: offline", "methods: [GET]", "HEAD", 4)]
    [InlineData("methods: [POST]", "mode: offline", "HEAD", 4)]
    [InlineData("methods: [HEAD]", "mode: offline", "GET", 4)]
    [InlineData("methods: [HEAD]", "methods: [POST]", "GET", null)]
    public void Find_TakesTheClosestMethod_WhateverTheOrder(string first, string second, string method, int? line)
    {
        var rules = RulesYaml.Read($"rules:\n  - path: /a\n    {first}\n  - path: /a\n    {second}\n", new RulesAbility(Feed: true, Live: true));
        Assert.Equal(line, rules.Find(new OriginalRequest(method, "/a"))?.Line);
    }

    [Theory]
    [InlineData("/admin%3Fx")]
    [InlineData("/admin%23x")]
    [InlineData("/admin.")]
    [InlineData("/admin%20/x")]
    [InlineData("/admin::$DATA")]
    [InlineData("/gro%CC%88sse")]
    public void NoPath_IsAnothersHalf(string target) // to whoever cuts off what follows, or joins what stands apart, it is under a rule of the file
    {
        if (!OriginalRequest.TryRead("GET", target, out var request)) return;
        Assert.NotEmpty(RulesYaml.Read("rules:\n  - path: /admin\n    roles: [x]\n  - path: /grösse\n    roles: [x]", default).Find(request)!.Roles);
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
