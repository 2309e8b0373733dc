using FsCheck;
using FsCheck.Fluent;

namespace Symbolon.Gateway.Requests;

/// <summary>One reading of a path, or none.</summary>
public class PathNormalizationTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("/orders/7", "/orders/7")]
    [InlineData("/orders/", "/orders/")]
    [InlineData("/orders?id=7&next=/../admin", "/orders")]
    [InlineData("/?", "/")]
    [InlineData("/%61dmin", "/admin")]
    [InlineData("/%41dmin/%7Euser", "/Admin/~user")]
    [InlineData("/users/%40me", "/users/@me")]
    [InlineData("/caf%c3%a9", "/caf%C3%A9")]
    [InlineData("/a%20b", "/a%20b")]
    [InlineData("/100%25", "/100%25")]
    [InlineData("/what%3F/%23", "/what%3F/%23")]
    [InlineData("/.well-known/x", "/.well-known/x")]
    [InlineData("/...", "/...")]
    [InlineData("/a..b", "/a..b")]
    [InlineData("/a|b", "/a%7Cb")]
    public void TryNormalize_GivesTheOneForm(string target, string expected)
    {
        Assert.True(PathNormalization.TryNormalize(target, out var path));
        Assert.Equal(expected, path.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("admin")]
    [InlineData("*")]
    [InlineData("http://host/admin")]
    [InlineData("?x")]
    [InlineData("/public/../admin")]
    [InlineData("/public/..")]
    [InlineData("/./admin")]
    [InlineData("/public/.")]
    [InlineData("/..")]
    [InlineData("/public/%2e%2e/admin")]
    [InlineData("/public/%2E./admin")]
    [InlineData("/public/.%2e")]
    [InlineData("//admin")]
    [InlineData("/public//admin")]
    [InlineData("/admin//")]
    [InlineData("/public%2f..%2fadmin")]
    [InlineData("/public%2Fadmin")]
    [InlineData("/public/..%5cadmin")]
    [InlineData("/public\\..\\admin")]
    [InlineData("/admin;x=1")]
    [InlineData("/public/..;/admin")]
    [InlineData("/admin%3bx")]
    [InlineData("/admin%00.png")]
    [InlineData("/admin%0d%0aX-Auth-Subject:x")]
    [InlineData("/admin%7f")]
    [InlineData("/admin%c2%85")]
    [InlineData("/public/%252e%252e/admin")]
    [InlineData("/public/%25%32e%25%32e/admin")]
    [InlineData("/public%252fadmin")]
    [InlineData("/admin#x")]
    [InlineData("/admin x")]
    [InlineData("/admin\tx")]
    [InlineData("/admin%")]
    [InlineData("/admin%4")]
    [InlineData("/admin%zz")]
    [InlineData("/admin%u0041")]
    [InlineData("/caf\u00e9")]
    [InlineData("/%c0%ae%c0%ae/admin")]
    [InlineData("/%c0%afadmin")]
    [InlineData("/%ed%a0%80")]
    [InlineData("/%ff")]
    public void TryNormalize_Refuses_WhatHasTwoReadings(string target) => Assert.False(PathNormalization.TryNormalize(target, out _));

    [Fact]
    public void TryNormalize_Refuses_WhatIsTooLong()
    {
        Assert.True(PathNormalization.TryNormalize($"/{new string('a', PathNormalization.MaxLength - 1)}", out _));
        Assert.False(PathNormalization.TryNormalize($"/{new string('a', PathNormalization.MaxLength)}", out _));
    }

    [Fact]
    public void TryNormalize_KeepsItsPromises_ForWhateverIsSent() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(20_000), Prop.ForAll(Targets(), target =>
    {
        if (!PathNormalization.TryNormalize(target, out var path)) return true;
        var again = PathNormalization.TryNormalize(path.Text, out var twice);
        var segments = path.Decoded.Split('/');
        return again && twice == path
            && path.Text.All(c => c is > ' ' and < '\x7f' and not ';' and not '\\' and not '?' and not '#')
            && !segments.Any(segment => segment is "." or "..")
            && !segments.Skip(1).SkipLast(1).Contains("")
            && Uri.UnescapeDataString(path.Text) == path.Decoded
            && Uri.UnescapeDataString(path.Decoded) == path.Decoded; // nobody who decodes once more reads something else
    }));

    // Made of the pieces that matter, so that most targets are near a border.
    private static Arbitrary<string> Targets()
    {
        string[] pieces = ["/", "/", "/", "a", "admin", "A", ".", "..", "%2e", "%2E", "%2f", "%5c", "%25", "25", "2e", "%", ";", "\\", "%c3%a9", "%c3", "%61", "?", "#", " ", "%00", "\u00e9", "%7e", "|", "~"];
        return Gen.Elements(pieces).ListOf().Select(list => $"/{string.Concat(list)}").ToArbitrary();
    }
}
