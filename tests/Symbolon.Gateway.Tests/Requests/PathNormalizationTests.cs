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
    [InlineData("/caf%c3%a9", "/café")]
    [InlineData("/a%20b", "/a b")]
    [InlineData("/users:find", "/users:find")]
    [InlineData("/%E0%A4%A1%E0%A4%BC", "/\u0921\u093c")] // Hindi: the mark stands apart in normal text
    [InlineData("/100%25", "/100%")]
    [InlineData("/.well-known/x", "/.well-known/x")]
    [InlineData("/a..b", "/a..b")]
    [InlineData("/a|b", "/a|b")]
    public void TryNormalize_GivesTheOneForm(string target, string expected)
    {
        Assert.True(PathNormalization.TryNormalize(target, out var path));
        Assert.Equal(expected, path);
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
    [InlineData("/admin%3Fx")]
    [InlineData("/admin%23x")]
    [InlineData("/admin.")]
    [InlineData("/admin./users")]
    [InlineData("/...")]
    [InlineData("/admin%20")]
    [InlineData("/admin%20/users")]
    [InlineData("/admin%C2%A0")]
    [InlineData("/admin::$DATA")]
    [InlineData("/admin:$I30:$INDEX_ALLOCATION/users")]
    [InlineData("/cafe%CC%81")]
    [InlineData("/%E1%84%80%E1%85%A1")]
    [InlineData("/%E2%84%AAeys")]
    [InlineData("/admin%CD%BEx")]
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
        var segments = path.Split('/');
        return PathNormalization.TryNormalize(string.Join('/', segments.Select(Uri.EscapeDataString)), out var twice) && twice == path
            && !path.Any(c => char.IsControl(c) || c is ';' or '\\' or '?' or '#')
            && !segments.Any(segment => segment.EndsWith('.') || segment.TrimEnd() != segment || segment.Contains(":$", StringComparison.Ordinal))
            && !segments.Skip(1).SkipLast(1).Contains("")
            && path.IsNormalized()
            && Uri.UnescapeDataString(path) == path; // nobody who decodes once more reads something else
    }));

    // Made of the pieces that matter, so that most targets are near a border.
    private static Arbitrary<string> Targets()
    {
        string[] pieces = ["/", "/", "/", "a", "admin", "A", ".", "..", "%2e", "%2E", "%2f", "%5c", "%25", "25", "2e", "%", ";", "\\", "%c3%a9", "%c3", "%61", "?", "#", " ", "%00", "\u00e9", "%7e", "|", "~", "%3f", "%23", "%20", "%c2%a0", ":", "$DATA", "o%cc%88", "%e2%84%ab"];
        return Gen.Elements(pieces).ListOf().Select(list => $"/{string.Concat(list)}").ToArbitrary();
    }
}
