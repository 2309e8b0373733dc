using Microsoft.Extensions.DependencyInjection;
using Symbolon.Authority.InMemory;
using Symbolon.Authority.Ports;
using Symbolon.Authority.Tests.OAuth;
using Symbolon.Authority.Tests.Support;

namespace Symbolon.Authority.Tests.Revocations;

/// <summary>What must not make a receipt certain: questions that cross, servers that come and go while it is counted, and clocks that stood.</summary>
public sealed class ReceiptRacesTests : IAsyncLifetime
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(30), Soon = TimeSpan.FromSeconds(1);
    private readonly FiringTime clock = new();
    private readonly WatchedTime time;
    private PortCalls calls = new();
    private TestServer server = null!;
    private string token = "";

    public ReceiptRacesTests() => time = new WatchedTime(clock);

    private IServerRegistry Registry => server.Get<IServerRegistry>();

    private InMemoryState Store => server.Get<InMemoryState>();

    public async ValueTask InitializeAsync()
    {
        server = await FeedServer.StartAsync(clock, services: all =>
        {
            calls = PortCalls.Watch<IServerRegistry>(all);
            all.AddSingleton<TimeProvider>(time);
        });
        token = await FeedReader.TokenAsync(server);
        clock.Advance(OtherServers.Settle);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact] // regression: it lived when it was looked whose promises are over, and not when it was looked who must answer
    public async Task Receipt_IsNotCertain_WhenAServerComesBackWhileItIsCounted()
    {
        var servers = server.Get<OtherServers>();
        await Registry.BeatAsync("silent", TimeSpan.FromMinutes(1), default);
        await servers.LookAsync(null, default);
        await PassAsync(TimeSpan.FromSeconds(11));
        calls.Answered = () => time.Asked = () => // after the look: the next who asks for the time is who counts
        {
            (calls.Answered, time.Asked) = (null, null);
            Store.Servers["silent"]++;
            Assert.True(servers.LookAsync(null, default).IsCompletedSuccessfully);
        };

        var receipt = await server.Get<Receipts>().OfNewestAsync(TimeSpan.Zero, caller: null, before: default, default);

        Assert.Null(time.Asked);
        Assert.Null(receipt.CertainAt);
    }

    [Fact]
    public async Task Receipt_IsNotCertain_ByAnAnswerToTheQuestionOfOneWhoAskedBefore()
    {
        await Registry.BeatAsync("third", TimeSpan.Zero, default);
        var answer = $$"""{"timeline":"{{await server.TimelineAsync()}}","applied":9,"is_whole":true,"verifiers":[]}""";
        var earlier = EndAsync("4s");
        await AskedAsync(1);
        var later = EndAsync("2s");
        await AskedAsync(2);

        await Registry.AnswerAsync("third", 1, answer, default);

        Assert.True(await clock.AdvanceUntilAsync(earlier, Step));
        Assert.False(await clock.AdvanceUntilAsync(later, Step));
    }

    [Fact]
    public async Task Ask_IsAnotherQuestion_ForWhoComesWhileOneIsWritten()
    {
        var (exchange, timeline, later) = (server.Get<ReceiptExchange>(), await server.TimelineAsync(), default(Task<long>));
        calls.Answered = () =>
        {
            if (Store.Question is not null) later ??= exchange.AskAsync(timeline, 8, default);
        };

        var earlier = await clock.AdvanceUntilAsync(exchange.AskAsync(timeline, 7, default), Step);

        Assert.Equal((1, 2), (earlier, await clock.AdvanceUntilAsync(later!, Step)));
        Assert.Equal(new ReceiptQuestion(2, timeline, 8), Store.Question);
    }

    [Fact] // regression: by the monotonic clock, which stands while a machine sleeps, it had just been heard of
    public async Task Acknowledge_Is503_WhenTheMachineSlept_AndTheStoreIsAway()
    {
        (await server.AcknowledgeAsync(token, 0)).Is(200);
        calls.AreDown = true;
        (await server.AcknowledgeAsync(token, 0)).Is(200);
        time.Slept = TimeSpan.FromSeconds(6);

        (await server.AcknowledgeAsync(token, 0)).IsProblem(503, "unavailable");
        calls.AreDown = false;
        (await server.AcknowledgeAsync(token, 0)).Is(200);
    }

    [Fact] // regression: the others count what was promised from the stop on
    public async Task Acknowledge_Is503_WhenItsServerHasSaidThatItStops()
    {
        (await server.AcknowledgeAsync(token, 0)).Is(200);
        await server.Get<OtherServers>().StopAsync(default);

        (await server.AcknowledgeAsync(token, 0)).IsProblem(503, "unavailable");
        (await server.AcknowledgeAsync(token, 0, maxStaleness: 600)).IsProblem(503, "unavailable");
        Assert.Equal(0, Assert.Single(Store.Servers).Value);
    }

    [Fact] // its stream stays with one, and what it says goes to each in turn
    public async Task Receipt_CountsAVerifierOnce_AndIsSoonCertain_WhenABalancerSendsEachWordToAnother()
    {
        await using var second = await FeedServer.StartAsync(clock, services: all => all.ShareStoreOf(server));
        await using var third = await FeedServer.StartAsync(clock, services: all => all.ShareStoreOf(server));
        await PassAsync(TimeSpan.FromSeconds(20));
        TestServer[] all = [server, second, third];
        foreach (var one in all) await one.AcknowledgeAsync(token, 0, maxStaleness: 60);
        await using var reader = await FeedReader.OpenAsync(second, token);

        for (var seq = 1; seq <= 4; seq++)
        {
            var began = clock.GetUtcNow();
            await server.RevokeAsync();
            var waiting = server.Get<Receipts>().OfNewestAsync(TimeSpan.FromSeconds(5), caller: null, before: default, default);
            await clock.AdvanceUntilAsync(reader.NextAsync("receipt"), Step);
            await all[seq % all.Length].AcknowledgeAsync(token, seq, maxStaleness: 60);

            var receipt = await clock.AdvanceUntilAsync(waiting, Step);
            Assert.Equal((seq, 3, 1, 0), (receipt.Seq, receipt.Servers, receipt.Count.Verifiers, receipt.Count.Late));
            Assert.InRange(receipt.CertainAt!.Value, began, began + Soon);
        }
    }

    [Theory]
    [InlineData(0, 8, 4)] // others may have heard the last words a little later
    [InlineData(60, 56, 8)]
    public async Task Past_IsOpen_UntilWhatWasPromisedToAServerThatStoppedIsOver(int promise, int before, int more)
    {
        await PassAsync(TimeSpan.FromSeconds(5));
        await Registry.BeatAsync("stopped", TimeSpan.FromSeconds(promise), default);
        await Registry.StopAsync("stopped", default);
        await server.Get<OtherServers>().LookAsync(null, default);

        await PassAsync(TimeSpan.FromSeconds(before));
        Assert.False(server.Get<OtherServers>().Standing.KnowsPast);
        await PassAsync(TimeSpan.FromSeconds(more));
        Assert.True(server.Get<OtherServers>().Standing.KnowsPast);
    }

    [Fact] // the one to which it was made is not even listed any more
    public async Task Past_IsOpen_AfterAStart_UntilTheLongestPromiseIsOver()
    {
        await Registry.BeatAsync("old", TimeSpan.FromSeconds(60), default);
        await Registry.DropAsync(new ServerBeats("old", 1), default);
        await using var next = await FeedServer.StartAsync(clock, services: all => all.ShareStoreOf(server));

        await PassAsync(TimeSpan.FromSeconds(50));
        Assert.False(next.Get<OtherServers>().Standing.KnowsPast);
        await PassAsync(TimeSpan.FromSeconds(15));
        Assert.True(next.Get<OtherServers>().Standing.KnowsPast);
    }

    [Fact] // it lived when it began to say so, and not when that was heard
    public async Task Acknowledge_Is503_WhenItTookLongToSayThatItsServerLives()
    {
        calls.Answered = () => time.Slept += TimeSpan.FromSeconds(6);
        await server.AcknowledgeAsync(token, 0, maxStaleness: 600);
        (calls.Answered, calls.AreDown) = (null, true);

        (await server.AcknowledgeAsync(token, 0)).IsProblem(503, "unavailable");
    }

    private async Task<bool> EndAsync(string wait)
    {
        var user = (await server.RegisterAsync()).Tokens;
        return (await server.DeleteAsync($"/admin/sessions/{user.SessionId}?wait={wait}", await server.AdminAsync())).Is(200)["receipt"].TryGetProperty("certain_at", out _);
    }

    private async Task AskedAsync(long seq)
    {
        for (var i = 0; i < 1000 && !(Store.Question?.Seq >= seq); i++) await PassAsync(Step);
        Assert.Equal(seq, Store.Question?.Seq);
    }

    // What works in the background needs real time, too.
    private async Task PassAsync(TimeSpan length)
    {
        var step = length < Soon ? length : Soon;
        for (var passed = TimeSpan.Zero; passed < length; passed += step)
        {
            clock.Advance(step);
            await Task.Delay(Step);
        }
    }

    /// <summary>A clock that says when it is looked at, and whose machine may have slept.</summary>
    private sealed class WatchedTime(FiringTime inner) : TimeProvider
    {
        public Action? Asked { get; set; }

        public TimeSpan Slept { get; set; }

        public override long TimestampFrequency => inner.TimestampFrequency;

        public override DateTimeOffset GetUtcNow()
        {
            Asked?.Invoke();
            return inner.GetUtcNow() + Slept;
        }

        public override long GetTimestamp() => inner.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => inner.CreateTimer(callback, state, dueTime, period);
    }
}
