using System.Globalization;
using Symbolon.Authority.Tests.Support;

namespace Symbolon.Authority.Tests.Revocations;

/// <summary>POST /revocations/ack: what is answered, what is kept, what is refused.</summary>
public sealed class AcknowledgementTests : IAsyncLifetime
{
    private readonly FiringTime clock = new();
    private TestServer server = null!;
    private string token = "";

    public async ValueTask InitializeAsync()
    {
        server = await FeedServer.StartAsync(clock);
        token = await FeedReader.TokenAsync(server);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Acknowledge_AnswersTheNewestNumber_OfThePrimary()
    {
        await server.RevokeAsync(3);

        var answer = (await server.AcknowledgeAsync(token, 1)).Is(200);

        Assert.Equal(["timeline", "seq"], answer.Members);
        Assert.Equal((await server.TimelineAsync(), 3), (answer.String("timeline"), answer["seq"].GetInt64()));
        Assert.Equal("no-store", answer.Header("Cache-Control"));
    }

    [Fact]
    public async Task Acknowledge_KeepsTheLastWord_OfEachClientNameAndInstance()
    {
        var edge = await FeedReader.TokenAsync(server, "edge");
        var newest = await server.RevokeAsync(4);
        await server.AcknowledgeAsync(token, 4, "api", "1");
        await server.AcknowledgeAsync(token, 4, "api", "2");
        await server.AcknowledgeAsync(edge, 4, "api", "1");
        await server.AcknowledgeAsync(token, 4, "web", "1");
        Assert.Equal((4, 0), await CountAsync(newest));

        await server.AcknowledgeAsync(token, 3, "api", "2"); // began anew under the same name
        Assert.Equal((4, 1), await CountAsync(newest));
        await server.AcknowledgeAsync(token, 9, "api", "2", timeline: "another");
        Assert.Equal((4, 1), await CountAsync(newest));
    }

    [Fact]
    public async Task Acknowledge_ForgetsWhoLeaves_AndWhoIsSilent()
    {
        await server.AcknowledgeAsync(token, 0, "api", "1");
        await server.AcknowledgeAsync(token, 0, "api", "2");
        (await server.AcknowledgeAsync(token, 0, "api", "1", leaving: true)).Is(200);
        Assert.Equal((1, 0), await CountAsync(0));
        (await server.AcknowledgeAsync(token, 0, "nobody", "1", leaving: true)).Is(200);

        clock.Advance(Acknowledgements.Silence);
        Assert.Equal((1, 0), await CountAsync(0));
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal((0, 0), await CountAsync(0));
    }

    [Fact]
    public async Task Acknowledge_Is503_WhenTooManyAreKnown_UntilOneIsSilent()
    {
        var (known, timeline) = (server.Get<Acknowledgements>(), await server.TimelineAsync());
        for (var i = 0; i < Acknowledgements.Capacity; i++)
            Assert.True(known.TryTake(new VerifierInstance(i < 500 ? "gateway" : $"client{i / 1000}", "api", $"{i}"), new(timeline, 0, TimeSpan.Zero, AspNetCore.WhenStale.Deny, clock.GetTimestamp())));

        (await server.AcknowledgeAsync(token, 0, "one", "more")).IsProblem(503, "unavailable");
        (await server.AcknowledgeAsync(token, 0, "api", "1")).Is(200); // known already
        clock.Advance(Acknowledgements.Silence + TimeSpan.FromMilliseconds(1));
        (await server.AcknowledgeAsync(await FeedReader.TokenAsync(server), 0, "one", "more")).Is(200);
        Assert.Equal((1, 0), await CountAsync(0));
    }

    [Theory] // regression: it was forgotten while it could still accept, and everybody was certain
    [InlineData("deny", 3600, 3600)]
    [InlineData("ask", 900, 900)]
    [InlineData("allow", 5, 3660)]
    public async Task Acknowledge_IsKept_AsLongAsItPromises(string whenStale, double maxStaleness, int seconds)
    {
        await server.AcknowledgeAsync(token, 0, whenStale: whenStale, maxStaleness: maxStaleness);

        clock.Advance(TimeSpan.FromSeconds(seconds));
        Assert.Equal((1, 1), await CountAsync(1));
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal((0, 0), await CountAsync(1));
    }

    [Fact] // regression: it counted for every number to come
    public async Task Acknowledge_CountsAsLate_WhenItsNumberIsBeyondTheNewest()
    {
        var newest = await server.RevokeAsync(2);
        var answer = (await server.AcknowledgeAsync(token, newest + 1)).Is(200);

        Assert.Equal(newest, answer["seq"].GetInt64());
        Assert.Equal((1, 1), await CountAsync(1));
        await server.AcknowledgeAsync(token, newest);
        Assert.Equal((1, 0), await CountAsync(newest));
    }

    [Fact] // regression: a word on its way while the verifier left made it known again
    public async Task Acknowledge_Is503_ForAMomentAfterItsVerifierHasLeft()
    {
        await server.AcknowledgeAsync(token, 0);
        (await server.AcknowledgeAsync(token, 0, leaving: true)).Is(200);

        (await server.AcknowledgeAsync(token, 0)).IsProblem(503, "unavailable");
        (await server.AcknowledgeAsync(token, 0, instance: "2")).Is(200);
        clock.Advance(Acknowledgements.Farewell + TimeSpan.FromMilliseconds(1));
        (await server.AcknowledgeAsync(token, 0)).Is(200);
        Assert.Equal((2, 0), await CountAsync(0));
    }

    [Fact] // regression: one credential filled the table for all
    public async Task Acknowledge_ForgetsTheOldestOfItsClient_WhenThatHasTooMany_AndNobodyIsCertainUntilItRefuses()
    {
        var (known, timeline) = (server.Get<Acknowledgements>(), await server.TimelineAsync());
        await server.AcknowledgeAsync(token, 0, "api", "oldest", maxStaleness: 60);
        clock.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < Acknowledgements.CapacityOfOne; i++)
            Assert.True(known.TryTake(new VerifierInstance("gateway", "api", $"{i}"), new(timeline, 0, TimeSpan.Zero, AspNetCore.WhenStale.Deny, clock.GetTimestamp())));

        Assert.Equal((Acknowledgements.CapacityOfOne, 0), await CountAsync(0));
        Assert.Null(known.Count(timeline, 0).CertainAt);
        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.NotNull(known.Count(timeline, 0).CertainAt);
        (await server.AcknowledgeAsync(await FeedReader.TokenAsync(server, "edge"), 0)).Is(200);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"verifier":"","instance":"1","timeline":"t","seq":0,"max_staleness":5,"when_stale":"deny"}""")]
    [InlineData("""{"verifier":"a","timeline":"t","seq":0,"max_staleness":5,"when_stale":"deny"}""")]
    [InlineData("""{"verifier":"a","instance":"1","seq":0,"max_staleness":5,"when_stale":"deny"}""")]
    [InlineData("""{"verifier":"a","instance":"1","timeline":"t","max_staleness":5,"when_stale":"deny"}""")]
    [InlineData("""{"verifier":"a","instance":"1","timeline":"t","seq":-1,"max_staleness":5,"when_stale":"deny"}""")]
    [InlineData("""{"verifier":"a","instance":"1","timeline":"t","seq":1.5,"max_staleness":5,"when_stale":"deny"}""")]
    [InlineData("""{"verifier":"a","instance":"1","timeline":"t","seq":"1","max_staleness":5,"when_stale":"deny"}""")]
    [InlineData("""{"verifier":"a","instance":"1","timeline":"t","seq":0,"when_stale":"deny"}""")]
    [InlineData("""{"verifier":"a","instance":"1","timeline":"t","seq":0,"max_staleness":-0.1,"when_stale":"deny"}""")]
    [InlineData("""{"verifier":"a","instance":"1","timeline":"t","seq":0,"max_staleness":86401,"when_stale":"deny"}""")]
    [InlineData("""{"verifier":"a","instance":"1","timeline":"t","seq":0,"max_staleness":1e999,"when_stale":"deny"}""")]
    [InlineData("""{"verifier":"a","instance":"1","timeline":"t","seq":0,"max_staleness":NaN,"when_stale":"deny"}""")]
    [InlineData("""{"verifier":"a","instance":"1","timeline":"t","seq":0,"max_staleness":"00:00:05","when_stale":"deny"}""")]
    [InlineData("""{"verifier":"a","instance":"1","timeline":"t","seq":0,"max_staleness":5}""")]
    [InlineData("""{"verifier":"a","instance":"1","timeline":"t","seq":0,"max_staleness":5,"when_stale":"Deny"}""")]
    [InlineData("""{"verifier":"a\u0000","instance":"1","timeline":"t","seq":0,"max_staleness":5,"when_stale":"deny"}""")]
    [InlineData("""{"verifier":"a","instance":"1","timeline":"t","seq":0,"max_staleness":5,"when_stale":"deny","leaving":1}""")]
    [InlineData("""{"verifier":"a","verifier":"a","instance":"1","timeline":"t","seq":0,"max_staleness":5,"when_stale":"deny"}""")]
    public async Task Acknowledge_Is400_WhenAMemberIsWrong(string body)
    {
        (await server.PostAsync("/revocations/ack", body, token)).IsProblem(400, "request_malformed");
        Assert.Equal((0, 0), await CountAsync(0));
    }

    [Theory]
    [InlineData("verifier")]
    [InlineData("instance")]
    [InlineData("timeline")]
    public async Task Acknowledge_Is400_WhenANameIsLong(string member)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["verifier"] = "a", ["instance"] = "1", ["timeline"] = "t" };
        foreach (var (length, status) in new[] { (64, 200), (65, 400) })
        {
            values[member] = new string('x', length);
            (await server.AcknowledgeAsync(token, 0, values["verifier"], values["instance"], values["timeline"])).Is(status);
        }
    }

    [Theory]
    [InlineData("0.25", 250)]
    [InlineData("0", 0)]
    [InlineData("86400", 86_400_000)]
    public async Task Acknowledge_TakesSeconds_WithFractions(string seconds, int milliseconds)
    {
        var newest = await server.RevokeAsync();
        await server.AcknowledgeAsync(token, 0, maxStaleness: double.Parse(seconds, CultureInfo.InvariantCulture));

        var count = server.Get<Acknowledgements>().Count(await server.TimelineAsync(), newest);

        Assert.Equal(clock.GetUtcNow() + TimeSpan.FromMilliseconds(milliseconds), count.CertainAt);
    }

    private async Task<(int Verifiers, int Late)> CountAsync(long seq)
    {
        var count = server.Get<Acknowledgements>().Count(await server.TimelineAsync(), seq);
        return (count.Verifiers, count.Late);
    }
}
