using Symbolon.Authority.Ports;

namespace Symbolon.StoreContract;

/// <summary>The servers that use the store, and the longest promise.</summary>
public abstract class ServerRegistryContract : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Stores stores;

    private protected ServerRegistryContract(Stores stores) => this.stores = stores;

    public void Dispose()
    {
        stores.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Read_IsEmpty_WhereNoServerWas() => Assert.Equal(("", TimeSpan.Zero), await ReadAsync());

    [Fact]
    public async Task Beat_ChangesTheNumber_AndStopMakesItZero()
    {
        await stores.Servers.BeatAsync("a", TimeSpan.Zero, default);
        await stores.Servers.BeatAsync("b", TimeSpan.Zero, default);
        await stores.Servers.BeatAsync("a", TimeSpan.Zero, default);
        Assert.Equal(("a2 b1", TimeSpan.Zero), await ReadAsync());

        await stores.Servers.StopAsync("a", default);
        await stores.Servers.StopAsync("nobody", default);
        Assert.Equal(("a0 b1", TimeSpan.Zero), await ReadAsync());
        await stores.Servers.BeatAsync("a", TimeSpan.Zero, default);
        Assert.Equal(("a1 b1", TimeSpan.Zero), await ReadAsync());
    }

    [Fact]
    public async Task Promise_OnlyGrows_InWholeMilliseconds()
    {
        await stores.Servers.BeatAsync("a", TimeSpan.FromMilliseconds(4999.1), default);
        await stores.Servers.BeatAsync("b", TimeSpan.FromSeconds(1), default);
        Assert.Equal(TimeSpan.FromSeconds(5), (await ReadAsync()).Promise);
        await stores.Servers.BeatAsync("b", TimeSpan.FromDays(1), default);
        Assert.Equal(TimeSpan.FromDays(1), (await ReadAsync()).Promise);
    }

    [Fact]
    public async Task Drop_LeavesAServer_ThatHasBeatenSince()
    {
        await stores.Servers.BeatAsync("a", TimeSpan.FromSeconds(5), default);
        await stores.Servers.BeatAsync("b", TimeSpan.Zero, default);
        await stores.Servers.BeatAsync("b", TimeSpan.Zero, default);

        await stores.Servers.DropAsync(new ServerBeats("a", 1), default);
        await stores.Servers.DropAsync(new ServerBeats("b", 1), default);

        Assert.Equal(("b2", TimeSpan.FromSeconds(5)), await ReadAsync());
    }

    [Fact]
    public async Task Ask_CountsQuestions_AndKeepsTheHighestNumberOfATimeline()
    {
        Assert.Null((await stores.Servers.ReadAsync(null, default)).Question);

        Assert.Equal(1, await stores.Servers.AskAsync("x", 7, default));
        Assert.Equal(2, await stores.Servers.AskAsync("x", 5, default));
        Assert.Equal(new ReceiptQuestion(2, "x", 7), (await stores.Servers.ReadAsync(null, default)).Question);
        Assert.Equal(3, await stores.Servers.AskAsync("x", 9, default));
        Assert.Equal(new ReceiptQuestion(3, "x", 9), (await stores.Servers.ReadAsync(null, default)).Question);
        Assert.Equal(4, await stores.Servers.AskAsync("y", 1, default));
        Assert.Equal(new ReceiptQuestion(4, "y", 1), (await stores.Servers.ReadAsync(null, default)).Question);
    }

    [Fact]
    public async Task Ask_GivesEachItsNumber_WhenManyAskAtOnce()
    {
        var numbers = await Task.WhenAll(Enumerable.Range(1, 20).Select(seq => Task.Run(async () => await stores.Servers.AskAsync("x", seq, default))));

        Assert.Equal(Enumerable.Range(1, 20).Select(i => (long)i), numbers.Order());
        Assert.Equal(new ReceiptQuestion(20, "x", 20), (await stores.Servers.ReadAsync(null, default)).Question);
    }

    [Fact]
    public async Task Answer_ReplacesTheOneBefore_AndNotALaterOne()
    {
        await stores.Servers.BeatAsync("a", TimeSpan.Zero, default);
        await stores.Servers.BeatAsync("b", TimeSpan.Zero, default);
        await stores.Servers.AnswerAsync("a", 1, "one", default);
        await stores.Servers.AnswerAsync("b", 2, "two", default);
        Assert.Equal("a1 one, b2 two", await AnswersAsync(1));
        Assert.Equal("b2 two", await AnswersAsync(2));
        Assert.Equal("", await AnswersAsync(3));
        Assert.Equal("", await AnswersAsync(null));

        await stores.Servers.AnswerAsync("b", 2, "newer", default);
        await stores.Servers.AnswerAsync("b", 1, "older", default);
        Assert.Equal("a1 one, b2 newer", await AnswersAsync(0));
    }

    [Fact]
    public async Task Answer_StaysWhileItsServerBeats_AndGoesWhenThatStops()
    {
        await stores.Servers.BeatAsync("a", TimeSpan.Zero, default);
        await stores.Servers.AnswerAsync("a", 1, "one", default);
        await stores.Servers.AnswerAsync("nobody", 1, "one", default);
        await stores.Servers.BeatAsync("a", TimeSpan.Zero, default);
        Assert.Equal(("a2", TimeSpan.Zero), await ReadAsync());
        Assert.Equal("a1 one", await AnswersAsync(0));

        await stores.Servers.StopAsync("a", default);
        Assert.Equal("", await AnswersAsync(0));
        await stores.Servers.AnswerAsync("a", 2, "too late", default);
        await stores.Servers.BeatAsync("a", TimeSpan.Zero, default);
        Assert.Equal("", await AnswersAsync(0));
        await stores.Servers.AnswerAsync("a", 1, "anew", default);
        Assert.Equal("a1 anew", await AnswersAsync(0));
        await stores.Servers.DropAsync(new ServerBeats("a", 1), default);
        await stores.Servers.BeatAsync("a", TimeSpan.Zero, default);
        Assert.Equal("", await AnswersAsync(0));
    }

    [Fact]
    public async Task Wait_EndsWithAQuestion_AndWithAnAnswer()
    {
        await stores.Servers.BeatAsync("a", TimeSpan.Zero, default);
        var before = await stores.Servers.ReadAsync(null, default);

        await stores.Servers.AskAsync("x", 1, default);
        await WaitAsync(before.Change); // it came before the waiting
        var asked = await stores.Servers.ReadAsync(null, default);
        var waiting = WaitAsync(asked.Change);
        await stores.Servers.AnswerAsync("a", 1, "one", default);
        await waiting;
        await stores.Servers.WaitAsync((await stores.Servers.ReadAsync(null, default)).Change, TimeSpan.Zero, default);

        Task WaitAsync(long change) => stores.Servers.WaitAsync(change, Timeout.InfiniteTimeSpan, default).AsTask().WaitAsync(Patience);
    }

    private async Task<string> AnswersAsync(long? answersTo) =>
        string.Join(", ", (await stores.Servers.ReadAsync(answersTo, default)).Answers.Select(one => $"{one.Server}{one.Question} {one.Answer}").Order(StringComparer.Ordinal));

    private async Task<(string Servers, TimeSpan Promise)> ReadAsync()
    {
        var facts = await stores.Servers.ReadAsync(null, default);
        return (string.Join(' ', facts.Servers.Select(one => $"{one.Server}{one.Beats}").Order(StringComparer.Ordinal)), facts.LongestPromise);
    }
}

public sealed class InMemoryServerRegistryTests() : ServerRegistryContract(new InMemoryStores());

public sealed class SqliteServerRegistryTests() : ServerRegistryContract(new SqliteStores());

public sealed class PostgresServerRegistryTests() : ServerRegistryContract(new PostgresStores());
