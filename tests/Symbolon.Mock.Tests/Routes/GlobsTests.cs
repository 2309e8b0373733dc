using Symbolon.Mock.Routes;

namespace Symbolon.Mock.Tests.Routes;

public class GlobsTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("/api/public", "/api/public")]
    [InlineData("/api/*", "/api/{**rest}")]
    [InlineData("/*", "/{**rest}")]
    [InlineData("/users/*/notes", "/users/{any1}/notes")]
    public void Pattern_IsWhatRoutingUnderstands(string path, string pattern) => Assert.Equal(pattern, Globs.Pattern(path));

    [Theory]
    [InlineData("/api/*", "/api", true)]
    [InlineData("/api/*", "/api/a/b", true)]
    [InlineData("/api/*", "/apis", false)]
    [InlineData("/api/*", "/api/*/x", true)]
    [InlineData("/*", "/", true)]
    [InlineData("/api/x", "/api/*", false)]
    [InlineData("/*/x", "/a/x", true)]
    [InlineData("/*/x", "/a/*", false)]
    [InlineData("/a/*/c", "/a/*", false)]
    [InlineData("/a/b", "/a", false)]
    [InlineData("/a", "/a/b", false)]
    public void Covers_IsTrue_WhenNothingIsLeftForTheLater(string earlier, string later, bool expected) => Assert.Equal(expected, Globs.Covers(new MockRoute(earlier), new MockRoute(later)));

    [Fact]
    public void Covers_LooksAtMethods()
    {
        var (get, any, both) = (new MockRoute("/a") { Methods = ["GET"] }, new MockRoute("/a"), new MockRoute("/a") { Methods = ["GET", "POST"] });
        Assert.True(Globs.Covers(any, get) && Globs.Covers(both, get) && Globs.Covers(get, get));
        Assert.False(Globs.Covers(get, any) || Globs.Covers(get, both) || Globs.Covers(both, any));
    }
}
