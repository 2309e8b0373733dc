using Symbolon.AspNetCore;

namespace Symbolon.Gateway.Rules;

/// <summary>Rules are read whole or refused with the place.</summary>
public class RulesYamlTests
{
    private static readonly RulesAbility All = new(Feed: true, Live: true);

    [Fact]
    public void Read_TakesEveryMember()
    {
        var rules = RulesYaml.Read("""
            # comments are free
            rules:
              - path: /orders/
                methods: [GET, "POST"]
                roles: [admin, "a role"]
                scopes:
                  - orders.read
                mode: revocable
                max_staleness: 00:00:02
                when_stale: deny
            """, All);
        Assert.True(Requests.PathNormalization.TryNormalize("/orders", out var path));
        var rule = rules.Find(new Requests.OriginalRequest("GET", path))!;
        Assert.Equal(["GET", "POST"], rule.Methods);
        Assert.Equal(["admin", "a role"], rule.Roles);
        Assert.Equal(["orders.read"], rule.Scopes);
        Assert.Equal(new RouteDemand(SymbolonMode.Revocable, TimeSpan.FromSeconds(2), WhenStale.Deny), rule.Over(new RouteDemand(SymbolonMode.Offline, default, WhenStale.Ask)));
    }

    [Fact]
    public void Read_TakesNoRules() => Assert.Equal(0, RulesYaml.Read("rules: []", All).Count);

    [Theory]
    [InlineData("", 1, 1, "rules: []")]
    [InlineData("# nothing", 1, 1, "rules: []")]
    [InlineData("- path: /a", 1, 1, "one member 'rules'")]
    [InlineData("rules: 1", 1, 8, "must be a list")]
    [InlineData("rules: []\nmore: 1", 1, 1, "one member 'rules'")]
    [InlineData("rules: []\n---\nrules: []", 1, 1, "one document")]
    [InlineData("rules:\n  - /a", 2, 5, "begins with 'path'")]
    [InlineData("rules:\n  - public: true", 2, 5, "no 'path'")]
    [InlineData("rules:\n  - path: /a\n    rolse: [x]", 3, 5, "'rolse' is no member")]
    [InlineData("rules:\n  - path: /a\n    path: /b", 3, 5, "path")]
    [InlineData("rules:\n  - path: admin", 2, 11, "no path that a request can have")]
    [InlineData("rules:\n  - path: /a/../b", 2, 11, "no path that a request can have")]
    [InlineData("rules:\n  - path: /a;b", 2, 11, "no path that a request can have")]
    [InlineData("rules:\n  - path: /a/*", 2, 11, "write /admin, not /admin/*")]
    [InlineData("rules:\n  - path: /a?b", 2, 11, "no query")]
    [InlineData("rules:\n  - path: [/a]", 2, 11, "A path is text")]
    [InlineData("rules:\n  - path: /a\n    methods: GET", 3, 14, "methods: [GET, POST]")]
    [InlineData("rules:\n  - path: /a\n    methods: [get]", 3, 15, "not a method in capitals")]
    [InlineData("rules:\n  - path: /a\n    roles: []", 3, 12, "at least one")]
    [InlineData("rules:\n  - path: /a\n    roles: [x, x]", 3, 16, "twice")]
    [InlineData("rules:\n  - path: /a\n    scopes: [\"a b\"]", 3, 14, "not a scope")]
    [InlineData("rules:\n  - path: /a\n    public: yes", 3, 13, "one of: true, false")]
    [InlineData("rules:\n  - path: /a\n    public: true\n    roles: [x]", 2, 5, "looks at no token")]
    [InlineData("rules:\n  - path: /a\n    mode: strict", 3, 11, "offline, revocable, live")]
    [InlineData("rules:\n  - path: /a\n    mode: live\n    max_staleness: 00:00:01", 2, 5, "for mode revocable")]
    [InlineData("rules:\n  - path: /a\n    max_staleness: 5", 3, 20, "00:00:05")] // five days
    [InlineData("rules:\n  - path: /a\n    max_staleness: -00:00:05", 3, 20, "00:00:05")]
    [InlineData("rules:\n  - path: /a\n    when_stale: maybe", 3, 17, "deny, ask, allow")]
    [InlineData("rules:\n  - path: /a\n  - path: /A", 3, 5, "line 2")]
    [InlineData("rules:\n  - path: /a\n    methods: [GET]\n  - path: /a/\n    methods: [POST, GET]", 4, 5, "line 2")]
    [InlineData("rules:\n  - path: /a\n    roles: &r [x]", 3, 12, "Anchors")]
    [InlineData("rules:\n  - path: !x /a", 2, 11, "Tags")]
    [InlineData("rules:\n  - path: \"/a", 2, 11, "")]
    [InlineData("rules: [[[[[[[[[[", 1, 13, "nested too deeply")]
    [InlineData("rules:\n  - path: /a\n    roles: [admin\n  - path: /b\n", 4, 3, "here or shortly before")] // from here on the parser throws what it does not document
    [InlineData("rules:\n  - path: /a\n    roles: [!!]", 4, 2, "here or shortly before")]
    [InlineData("rules:\n  - path: \"\\UD83DDE00\"", 2, 22, "here or shortly before")]
    public void Read_RefusesAndSaysWhere(string text, int line, int column, string says)
    {
        var refused = Assert.Throws<RulesException>(() => RulesYaml.Read(text, All));
        Assert.Equal((line, column), (refused.Line, refused.Column));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mode: revocable", false, true)]
    [InlineData("max_staleness: 00:00:01", false, true)]
    [InlineData("when_stale: deny", false, false)]
    [InlineData("mode: live", false, false)]
    public void Read_RefusesWhatNobodyCanKeep(string member, bool feed, bool live)
    {
        var text = $"rules:\n  - path: /a\n    {member}";
        Assert.Contains("Gateway:Feed:Url", Assert.Throws<RulesException>(() => RulesYaml.Read(text, new RulesAbility(feed, live))).Message, StringComparison.Ordinal);
        Assert.Equal(1, RulesYaml.Read(text, All).Count);
    }

    [Fact]
    public void Read_IsBounded()
    {
        Assert.Throws<RulesException>(() => RulesYaml.Read(new string('[', 200_000), All));
        Assert.Throws<RulesException>(() => RulesYaml.Read($"rules: []{new string(' ', RulesYaml.MaxLength)}", All));
        Assert.Throws<RulesException>(() => RulesYaml.Read($"rules:\n{string.Concat(Enumerable.Range(0, 1_001).Select(i => $"- path: /{i}\n"))}", All));
    }
}
