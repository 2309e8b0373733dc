using Symbolon.AspNetCore;
using Symbolon.Mock.Files;

namespace Symbolon.Mock.Tests.Files;

public class RoutesFileTests
{
    public static TheoryData<string, string> Mistakes => new()
    {
        { "[{\"methods\": [\"GET\"]}]", "1: the route has no \"path\"" },
        { "[{\"path\": \"api\"}]", "1: \"path\" must begin with a slash" },
        { "[{\"path\":\n\"/api?x=1\"}]", "2: \"path\" must be a path alone, as it is after decoding: no ?, #, \\, % or ;" },
        { "[{\"path\": \"/api/{id}\"}]", "1: \"path\" must not hold braces; write * for a segment that may be anything" },
        { "[{\"path\": \"/files/*.json\"}]", "1: \"path\" may have * only as a whole segment: /files/*" },
        { "[{\"path\": \"/a//b\"}]", "1: \"path\" must not have an empty, '.' or '..' segment" },
        { "[{\"path\": \"/a/../b\"}]", "1: \"path\" must not have an empty, '.' or '..' segment" },
        { "[{\"path\": \"/a\", \"methods\": [\"get\"]}]", "1: \"methods\" has \"get\", which is not one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS" },
        { "[{\"path\": \"/a\",\n\"methods\": []}]", "2: \"methods\" must have at least one entry; leave it out for any" },
        { "[{\"path\": \"/a\",\n\"roles\": []}]", "2: \"roles\" must have at least one entry; leave it out for any" },
        { "[{\"path\": \"/a\",\n\"role\": [\"admin\"]}]", "2: \"role\" is no member of a route; did you mean \"roles\"? (known: path, methods, roles, scope, anonymous, mode, status, body)" },
        { "[{\"path\": \"/a\", \"anonymous\": true,\n\"roles\": [\"admin\"]}]", "2: a route with \"anonymous\" looks at no token: leave out \"roles\" or \"anonymous\"" },
        { "[{\"path\": \"/a\", \"anonymous\": true,\n\"mode\": \"live\"}]", "2: a route with \"anonymous\" looks at no token: leave out \"mode\" or \"anonymous\"" },
        { "[{\"path\": \"/a\", \"anonymous\": \"yes\"}]", "1: \"anonymous\" must be true or false, but is a text" },
        { "[{\"path\": \"/a\", \"mode\": \"strict\"}]", "1: \"mode\" must be one of live, revocable, offline, but is \"strict\"" },
        { "[{\"path\": \"/a\", \"scope\": \"a b\"}]", "1: \"scope\" must be one scope, without spaces, quotes and backslashes" },
        { "[{\"path\": \"/a\", \"status\": 99}]", "1: \"status\" must be a whole number from 200 to 599" },
        { "[{\"path\": \"/a\", \"status\": 200.5}]", "1: \"status\" must be a whole number from 200 to 599" },
        { "[{\"path\": \"/a\", \"status\": 204,\n\"body\": {}}]", "2: an answer with status 204 has no body" },
        { "[{\"path\": \"/api/*\"},\n{\"path\": \"/api/admin/*\", \"roles\": [\"admin\"]}]", "2: the route is never reached: \"/api/*\" in line 1 matches first; put the special one before the general one" },
        { "[{\"path\": \"/API/x\", \"anonymous\": true},\n\n{\"path\": \"/api/x\", \"methods\": [\"GET\"]}]", "3: the route is never reached: \"/API/x\" in line 1 matches first; put the special one before the general one" },
        { "{}", "1: the file must be an array of routes, but is an object" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Parse_SaysWhereAndWhat_WhenAFileIsWrong(string text, string expected) => Assert.Equal($"routes.json:{expected}", FileText.Mistakes(RoutesFile.Parse("routes.json", FileText.Bytes(text))));

    [Theory]
    [InlineData("/api/admin/*", "/api/*")]
    [InlineData("/api/*/notes", "/api/*")]
    [InlineData("/api/x", "/api/x/*")]
    [InlineData("/*/x", "/a/*")]
    public void Parse_TakesBoth_WhenTheSecondIsReached(string first, string second)
    {
        var text = $$"""[{"path": "{{first}}"}, {"path": "{{second}}"}, {"path": "/other", "methods": ["GET"]}, {"path": "/other", "methods": ["GET", "POST"]}]""";
        Assert.Equal(4, FileText.Value(RoutesFile.Parse("r", FileText.Bytes(text))).Count);
    }

    [Fact]
    public void Parse_ReadsEveryMember()
    {
        var route = Assert.Single(FileText.Value(RoutesFile.Parse("r", FileText.Bytes(
            """[{"path": "/api/*", "methods": ["GET", "POST"], "roles": ["admin", "boss"], "scope": "orders.read", "mode": "live", "status": 418, "body": {"a": [1]}}]"""))));
        Assert.Equal(("/api/*", "orders.read", SymbolonMode.Live, 418, false), (route.Path, route.Scope, route.Mode, route.Status, route.IsAnonymous));
        Assert.Equal(["GET", "POST"], route.Methods);
        Assert.Equal(["admin", "boss"], route.Roles);
        Assert.Equal("""{"a": [1]}""", $"{route.Body}");
    }
}
