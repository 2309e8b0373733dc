using Symbolon.Authority.Ports;
using Symbolon.Revocation;
using Symbolon.Sessions;
using static Symbolon.StoreContract.Records;

namespace Symbolon.StoreContract;

/// <summary>The revocation log and the event log.</summary>
public abstract class LogContract : IDisposable
{
    private readonly Stores stores;

    private protected LogContract(Stores stores) => this.stores = stores;

    public void Dispose()
    {
        stores.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Since_AnswersInOrder_AboveTheNumber()
    {
        await EndManyAsync(5);
        var all = (await stores.Revocations.ReadAsync(0, 10, default))!.Entries;
        Assert.Equal([1L, 2, 3, 4, 5], all.Select(logged => logged.Seq));
        Assert.Equal(all.Skip(2).Take(2), (await stores.Revocations.ReadAsync(2, 2, default))!.Entries);
        Assert.Empty((await stores.Revocations.ReadAsync(5, 10, default))!.Entries);
    }

    [Fact]
    public async Task Since_ShowsNoGapThatFillsLater_WhenManyRevokeAtOnce()
    {
        for (var number = 1; number <= 40; number++) await stores.StartedAsync(number);
        var ending = Task.WhenAll(Enumerable.Range(1, 40).Select(number =>
            Task.Run(async () => await stores.Sessions.EndAsync([SessionEnd.Of(Session(number), EndReason.Logout, null, T0)], default))));
        var (seen, last) = (new List<long>(), 0L);
        while (seen.Count < 40)
        {
            foreach (var logged in (await stores.Revocations.ReadAsync(last, 7, default))!.Entries) seen.Add(last = logged.Seq);
            await Task.Yield();
        }

        await ending;
        Assert.Equal((await stores.Revocations.ReadAsync(0, 99, default))!.Entries.Select(logged => logged.Seq), seen);
    }

    [Fact]
    public async Task Compact_DropsOnlyPassedEntries_AndNeverReusesANumber()
    {
        await EndManyAsync(3);
        stores.Time.Advance(RevocationEntry.Life - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, await stores.Revocations.CompactAsync(10, default));
        stores.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(2, await stores.Revocations.CompactAsync(2, default));
        Assert.Equal(3, Assert.Single((await stores.Revocations.ReadAsync(null, 10, default))!.Entries).Seq);
        Assert.Null(await stores.Revocations.ReadAsync(1, 10, default));
        Assert.Equal(1, await stores.Revocations.CompactAsync(2, default));
        Assert.Equal((3, 3), await EndsAsync(null));
        await stores.Subjects.TryRaiseEraAsync(EraChange.Raise(0, null, T0), default);
        Assert.Equal(4, Assert.Single((await stores.Revocations.ReadAsync(3, 10, default))!.Entries).Seq);
    }

    [Fact]
    public async Task Compact_StopsAtTheFirstThatHasNotPassed_SoThatNumbersHaveNoHoles()
    {
        await EndManyAsync(1);
        stores.Time.Advance(TimeSpan.FromMinutes(1));
        await stores.Revocations.AppendTokenAsync(RevocationEntry.OfToken("late", T0.AddMinutes(1)), new SessionEvent(EventKind.SessionEnded, T0), int.MaxValue, default);
        await stores.Revocations.AppendTokenAsync(RevocationEntry.OfToken("early", T0), new SessionEvent(EventKind.SessionEnded, T0), int.MaxValue, default);
        stores.Time.Advance(RevocationEntry.Life - TimeSpan.FromMinutes(1));
        Assert.Equal(1, await stores.Revocations.CompactAsync(10, default));
        Assert.Equal([2L, 3], (await stores.Revocations.ReadAsync(1, 10, default))!.Entries.Select(logged => logged.Seq));
    }

    [Fact]
    public async Task Read_SaysHowFarItIsComplete()
    {
        Assert.Equal((0, 0), await EndsAsync(null));
        await EndManyAsync(3);
        Assert.Equal((2, 3), await EndsAsync(null, take: 2));
        Assert.Equal((3, 3), await EndsAsync(2));
        Assert.Equal((3, 3), await EndsAsync(3));
        Assert.Null(await stores.Revocations.ReadAsync(4, 10, default)); // beyond the newest: another history
        var page = (await stores.Revocations.ReadAsync(null, 10, default))!;
        Assert.Equal(stores.Time.GetUtcNow(), page.Now);
        Assert.Equal(page.Timeline, (await stores.Revocations.ReadAsync(3, 10, default))!.Timeline);
        Assert.True(page.Timeline.Length >= 32);
    }

    [Fact]
    public async Task HasToken_FindsOnlyThatToken()
    {
        await stores.Revocations.AppendTokenAsync(RevocationEntry.OfToken("one", T0), new SessionEvent(EventKind.SessionEnded, T0), int.MaxValue, default);
        Assert.True(await stores.Revocations.HasTokenAsync("one", default));
        Assert.False(await stores.Revocations.HasTokenAsync("One", default));
    }

    [Fact]
    public async Task AppendToken_WritesOneEntryAndOneEvent_WhenManyAskAtOnce()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(async () => await AppendTokenAsync("one", Id(1), most: 16))));

        Assert.Single(answers, TokenAppend.Appended);
        Assert.Equal(31, answers.Count(answer => answer == TokenAppend.Known));
        Assert.Single((await stores.Revocations.ReadAsync(null, 10, default))!.Entries);
        Assert.Single(await stores.Events.ListAsync(new(Id(1), null, null, 10), default));
    }

    [Fact]
    public async Task AppendToken_IsTooMany_ForOneSession_UntilTheFirstHavePassed()
    {
        for (var i = 0; i < 3; i++) Assert.Equal(TokenAppend.Appended, await AppendTokenAsync($"t{i}", Id(1), most: 3));
        Assert.Equal(TokenAppend.TooMany, await AppendTokenAsync("t3", Id(1), most: 3));
        Assert.Equal(TokenAppend.Known, await AppendTokenAsync("t0", Id(1), most: 3));
        Assert.Equal(TokenAppend.Appended, await AppendTokenAsync("t3", Id(2), most: 3));
        Assert.Equal(TokenAppend.Appended, await AppendTokenAsync("t4", session: null, most: 0));
        Assert.Equal(5, (await stores.Revocations.ReadAsync(null, 10, default))!.Newest);

        stores.Time.Advance(RevocationEntry.Life);
        Assert.Equal(TokenAppend.Appended, await AppendTokenAsync("t5", Id(1), most: 3));
    }

    [Fact]
    public async Task StartTimeline_KeepsEntriesAndNumbers_UnderAnotherName()
    {
        await EndManyAsync(2);
        var before = (await stores.Revocations.ReadAsync(null, 10, default))!;
        await stores.Revocations.StartTimelineAsync(default);
        var after = (await stores.Revocations.ReadAsync(null, 10, default))!;
        Assert.NotEqual(before.Timeline, after.Timeline);
        Assert.True(after.Timeline.Length >= 32);
        Assert.Equal(before.Entries, after.Entries);
        Assert.Equal(before.Newest, after.Newest);
    }

    private ValueTask<TokenAppend> AppendTokenAsync(string jti, SessionId? session, int most)
    {
        var now = stores.Time.GetUtcNow();
        return stores.Revocations.AppendTokenAsync(RevocationEntry.OfToken(jti, now), new SessionEvent(EventKind.TokenRevoked, now, session, Alice, Reason: jti), most, default);
    }

    [Fact]
    public async Task Wait_EndsAtOnce_WhenThereIsMore_AndWhenMoreComes()
    {
        var waiting = stores.Revocations.WaitAsync(0, TimeSpan.FromHours(1), default).AsTask();
        Assert.False(waiting.IsCompleted);
        await EndManyAsync(1);
        await waiting;
        await stores.Revocations.WaitAsync(0, TimeSpan.FromHours(1), default);
        Assert.False(stores.Revocations.WaitAsync(1, TimeSpan.FromHours(1), default).AsTask().IsCompleted);
    }

    [Fact]
    public async Task Append_KeepsEveryMember()
    {
        var full = new SessionEvent(EventKind.KeyMisused, T0, Id(1), Alice, long.MaxValue, "code", "root");
        var bare = new SessionEvent(EventKind.LoginFailed, T0);
        await stores.Events.AppendAsync(full, default);
        await stores.Events.AppendAsync(bare, default);
        Assert.Equal([new LoggedEvent(2, bare), new LoggedEvent(1, full)], await stores.Events.ListAsync(new(null, null, null, 10), default));
    }

    [Fact]
    public async Task List_PagesASession_RefreshesIncluded()
    {
        var row = await stores.StartedAsync(1);
        for (var branch = 1; branch <= 3; branch++)
        {
            row = await stores.RotatedAsync(row, branch);
            await stores.StartedAsync(10 + branch, Bob);
            await stores.Sessions.TryRetryAsync(row, null, Retried(row), default);
        }

        await stores.Sessions.EndAsync([SessionEnd.Of(row, EndReason.Logout, null, T0)], default);
        await stores.Events.AppendAsync(new SessionEvent(EventKind.KeyMisused, T0, Id(1)), default);
        EventKind[] expected =
        [
            EventKind.KeyMisused, EventKind.SessionEnded, EventKind.SessionRetried, EventKind.SessionRefreshed, EventKind.SessionRetried,
            EventKind.SessionRefreshed, EventKind.SessionRetried, EventKind.SessionRefreshed, EventKind.SessionStarted,
        ];
        Assert.Equal(expected, await stores.KindsAsync(Id(1)));
        Assert.Equal(expected[1..], await stores.KindsAsync(subject: Alice));
        Assert.Equal(expected[1..], await stores.KindsAsync(Id(1), Alice));
        Assert.Empty(await stores.KindsAsync(Id(1), Bob));
        Assert.Equal(expected, await PagedAsync(new EventQuery(Id(1), null, null, Take: 2)));
        Assert.Equal(expected[1..], await PagedAsync(new EventQuery(null, Alice, null, Take: 2)));
    }

    [Fact]
    public async Task List_FindsRefreshes_WhenTheStartWasPurged()
    {
        var row = await stores.StartedAsync(1);
        stores.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, await stores.Events.PurgeAsync(TimeSpan.Zero, 10, default));
        await stores.RotatedAsync(row);
        Assert.Equal([EventKind.SessionRefreshed], await stores.KindsAsync(Id(1)));
        Assert.Equal([EventKind.SessionRefreshed], await stores.KindsAsync(subject: Alice));
    }

    [Fact]
    public async Task Purge_DropsTheOldestFirst_AndNeverReusesANumber()
    {
        for (var minute = 0; minute < 4; minute++) await stores.Events.AppendAsync(new SessionEvent(EventKind.LoginFailed, T0.AddMinutes(minute)), default);
        stores.Time.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(0, await stores.Events.PurgeAsync(TimeSpan.FromMinutes(3), 10, default));
        Assert.Equal(2, await stores.Events.PurgeAsync(TimeSpan.Zero, 2, default));
        Assert.Equal([4L, 3], (await stores.Events.ListAsync(new(null, null, null, 10), default)).Select(logged => logged.Id));
        stores.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(2, await stores.Events.PurgeAsync(TimeSpan.FromHours(1), 10, default));
        await stores.Events.AppendAsync(new SessionEvent(EventKind.LoginFailed, T0), default);
        Assert.Equal(5, Assert.Single(await stores.Events.ListAsync(new(null, null, null, 10), default)).Id);
    }

    private async Task<List<EventKind>> PagedAsync(EventQuery query)
    {
        var kinds = new List<EventKind>();
        while (await stores.Events.ListAsync(query, default) is { Count: > 0 } page)
        {
            kinds.AddRange(page.Select(logged => logged.Event.Kind));
            query = query with { Before = page[^1].Id };
        }

        return kinds;
    }

    private async Task<(long Seq, long Newest)> EndsAsync(long? since, int take = 10)
    {
        var page = (await stores.Revocations.ReadAsync(since, take, default))!;
        return (page.Seq, page.Newest);
    }

    private async Task EndManyAsync(int count)
    {
        for (var number = 1; number <= count; number++)
            await stores.Sessions.EndAsync([SessionEnd.Of(await stores.StartedAsync(number), EndReason.Logout, null, T0)], default);
    }
}

public sealed class InMemoryLogTests() : LogContract(new InMemoryStores());

public sealed class SqliteLogTests() : LogContract(new SqliteStores());

public sealed class PostgresLogTests() : LogContract(new PostgresStores());
