using Symbolon.Mock.Control;
using Symbolon.Mock.Faults;

namespace Symbolon.Mock.Tests.Faults;

public class FaultTextTests
{
    [Fact]
    public void Parse_ReadsEveryMember()
    {
        var fault = FaultText.Parse("status=503 method=POST path=/auth/refresh code=unavailable retry_after=20 delay=50..300ms times=2 skip=1 probability=0.5");
        Assert.Equal(
            new MockFault
            {
                Kind = MockFaultKind.Status,
                Status = 503,
                Method = "POST",
                Path = "/auth/refresh",
                Code = "unavailable",
                RetryAfter = TimeSpan.FromSeconds(20),
                Delay = new MockDelay(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(300)),
                Times = 2,
                Skip = 1,
                Probability = 0.5,
            },
            fault);
    }

    [Theory]
    [InlineData("lost-response path=/auth/refresh times=1", MockFaultKind.LostResponse)]
    [InlineData("kind=html-200", MockFaultKind.Html200)]
    [InlineData("delay=300ms", MockFaultKind.Delay)]
    public void Parse_TakesTheKind_AsAWordOrFromItsMember(string text, MockFaultKind kind) => Assert.Equal(kind, FaultText.Parse(text).Kind);

    [Theory]
    [InlineData("los-response", "lost-response")]
    [InlineData("path=/x", "expected a kind")]
    [InlineData("reset times=many", "whole number")]
    [InlineData("reset tims=1", "'tims' is not known")]
    [InlineData("status=200", "400 to 599")]
    [InlineData("reset path=auth", "slash")]
    [InlineData("delay=1..x", "range")]
    [InlineData("reset probability=2", "between 0 and 1")]
    public void Parse_SaysWhatWasExpected(string text, string what) =>
        Assert.Contains(what, Assert.Throws<MockOptionsException>(() => FaultText.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("/auth/refresh", "/auth/refresh", true)]
    [InlineData("/auth/refresh", "/auth/refresh/x", false)]
    [InlineData("/api/*", "/api/a/b", true)]
    [InlineData("/api/*", "/api", false)]
    [InlineData("*", "/", true)]
    [InlineData("/*/notes", "/users/1/notes", true)]
    [InlineData("/*/notes", "/users/1/note", false)]
    public void Matches_GoesByTheGlob(string glob, string path, bool matches) => Assert.Equal(matches, FaultRules.Matches(glob, path));

    [Theory]
    [InlineData("10m", 600_000)]
    [InlineData("90s", 90_000)]
    [InlineData("300ms", 300)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData("14d", 1_209_600_000)]
    [InlineData("20", 20_000)]
    public void Length_ReadsEachUnit(string text, double milliseconds)
    {
        Assert.True(Lengths.TryParse(text, out var length));
        Assert.Equal(milliseconds, length.TotalMilliseconds);
    }

    [Theory]
    [InlineData("300ms", 300, 300)]
    [InlineData("2", 2_000, 2_000)]
    [InlineData("50..300ms", 50, 300)]
    [InlineData("300ms..2s", 300, 2_000)]
    [InlineData("1..3", 1_000, 3_000)]
    [InlineData("0..1.5", 0, 1_500)]
    public void Delay_TakesTheUnitOfItsEnd_AndSecondsWithoutOne(string text, double least, double most)
    {
        Assert.True(Lengths.TryParseDelay(text, out var delay));
        Assert.Equal((least, most), (delay.Least.TotalMilliseconds, delay.Most.TotalMilliseconds));
    }

    [Theory]
    [InlineData("3..1")]
    [InlineData("1..")]
    [InlineData("..1")]
    [InlineData("1s..2..3")]
    public void Delay_RefusesTheRest(string text) => Assert.False(Lengths.TryParseDelay(text, out _));

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("-5s")]
    [InlineData("1 m")]
    [InlineData("1e9d")]
    [InlineData("99999999d")]
    [InlineData("NaN")]
    public void Length_RefusesTheRest(string text) => Assert.False(Lengths.TryParse(text, out _));
}
