using Symbolon.Authority.Ports;
using Symbolon.Sessions;
using static Symbolon.StoreContract.Records;

namespace Symbolon.StoreContract;

/// <summary>Ending, listing, renaming, forgetting, purging.</summary>
public abstract class SessionLifeContract : IDisposable
{
    private readonly Stores stores;

    private protected SessionLifeContract(Stores stores) => this.stores = stores;

    public void Dispose()
    {
        stores.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task End_WritesRowEntryAndEvent_WhenNotEnded()
    {
        var session = await stores.StartedAsync(1);
        var end = SessionEnd.Of(session, EndReason.EndedByAdmin, "root", T0.AddMinutes(1));
        Assert.Equal(1, await stores.Sessions.EndAsync([end], default));
        Assert.Equal(end.Session, await stores.FindAsync(Id(1)));
        Assert.Equal(end.Entry, Assert.Single((await stores.Revocations.ReadAsync(0, 10, default))!.Entries).Entry);
        Assert.Equal(end.Event, (await stores.Events.ListAsync(new(Id(1), null, null, 10), default))[0].Event);
    }

    [Fact]
    public async Task End_CountsOnlyWhatItEnds_WhenSomeAreEndedOrUnknown()
    {
        var (first, second) = (await stores.StartedAsync(1), await stores.StartedAsync(2));
        var ends = new[] { first, second, Session(3) }.Select(row => SessionEnd.Of(row, EndReason.Logout, null, T0)).ToList();
        Assert.Equal(1, await stores.Sessions.EndAsync([ends[0]], default));
        Assert.Equal(1, await stores.Sessions.EndAsync(ends, default));
        Assert.Equal(2, (await stores.Revocations.ReadAsync(0, 10, default))!.Entries.Count);
    }

    [Fact]
    public async Task End_KeepsConfirmedToken_WhenRowMovedOnSinceItWasRead()
    {
        var first = await stores.StartedAsync(1);
        await stores.RotatedAsync(first);
        Assert.Equal(1, await stores.Sessions.EndAsync([SessionEnd.Of(first, EndReason.Logout, null, T0)], default));
        Assert.Equal((1, EndReason.Logout), ((await stores.FindAsync(Id(1)))!.Generation, (await stores.FindAsync(Id(1)))!.Ending!.Reason));
    }

    [Fact]
    public async Task End_EndsOnce_WhenManyEndAtOnce()
    {
        var end = SessionEnd.Of(await stores.StartedAsync(1), EndReason.RefreshReuse, null, T0);
        var ended = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(async () => await stores.Sessions.EndAsync([end], default))));
        Assert.Equal(1, ended.Sum());
        Assert.Single((await stores.Revocations.ReadAsync(0, 10, default))!.Entries);
    }

    [Fact]
    public async Task Expire_EndsWithoutEntry_WhenUnchanged()
    {
        var session = await stores.StartedAsync(1);
        Assert.True(await stores.Sessions.TryExpireAsync(session, SessionEnd.Of(session, EndReason.Inactivity, null, T0), default));
        Assert.False(await stores.Sessions.TryExpireAsync(session, SessionEnd.Of(session, EndReason.Inactivity, null, T0), default));
        Assert.Equal(EndReason.Inactivity, (await stores.FindAsync(Id(1)))!.Ending!.Reason);
        Assert.Empty((await stores.Revocations.ReadAsync(0, 10, default))!.Entries);
    }

    [Fact]
    public async Task Expire_ChangesNothing_WhenRefreshedMeanwhile()
    {
        var session = await stores.StartedAsync(1);
        await stores.RotatedAsync(session);
        Assert.False(await stores.Sessions.TryExpireAsync(session, SessionEnd.Of(session, EndReason.Inactivity, null, T0), default));
        Assert.Null((await stores.FindAsync(Id(1)))!.Ending);
    }

    [Fact]
    public async Task LiveOf_LeavesOut_WhatDoesNotCountAsLive()
    {
        await stores.StartedAsync(1, with: row => row with { ExpiresAt = T0.AddMinutes(1) });
        await stores.StartedAsync(2, with: row => row with { EndsAt = T0.AddMinutes(1) });
        var ended = await stores.StartedAsync(3);
        await stores.StartedAsync(4, Bob);
        await stores.StartedAsync(5);
        await stores.StartedAsync(6);
        await stores.Sessions.EndAsync([SessionEnd.Of(ended, EndReason.Logout, null, T0)], default);
        Assert.Equal([6, 5, 2, 1], await LiveAsync(Alice));
        stores.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([6, 5], await LiveAsync(Alice));
        Assert.Equal([4], await LiveAsync(Bob));
    }

    [Fact]
    public async Task LiveOf_LeavesOut_SessionsBelowTheEpoch()
    {
        await stores.StartedAsync(1);
        var subject = Subject.New(Alice);
        Assert.True(await stores.Subjects.TryChangeAsync(subject, SubjectChange.EndAll(subject, EndReason.AllEnded, null, T0), default));
        await stores.StartedAsync(2, with: row => row with { Epoch = 1 });
        Assert.Equal([2], await LiveAsync(Alice));
        Assert.Null((await stores.FindAsync(Id(1)))!.Ending);
    }

    [Fact]
    public async Task LiveOf_LeavesOut_SessionsBelowTheEra()
    {
        await stores.StartedAsync(1);
        Assert.True(await stores.Subjects.TryRaiseEraAsync(EraChange.Raise(0, null, T0), default));
        await stores.StartedAsync(2, with: row => row with { Era = 1 });
        Assert.Equal([2], await LiveAsync(Alice));
        Assert.Equal(1, (await stores.Sessions.FindAsync(Id(1), default)).Era);
    }

    [Fact]
    public async Task List_Pages_NewestFirst()
    {
        for (var number = 1; number <= 5; number++) await stores.StartedAsync(number, number == 3 ? Bob : Alice);
        Assert.Equal([5, 4, 3], await ListAsync(new(null, null, LiveOnly: false, Before: null, Take: 3)));
        Assert.Equal([2, 1], await ListAsync(new(null, null, LiveOnly: false, Before: Id(3), Take: 3)));
        Assert.Equal([5, 4], await ListAsync(new(Alice, null, LiveOnly: false, Before: null, Take: 2)));
        Assert.Equal([2, 1], await ListAsync(new(Alice, null, LiveOnly: true, Before: Id(4), Take: 9)));
        Assert.Equal([4, 3, 2, 1], await ListAsync(new(null, null, LiveOnly: true, Before: Id(5), Take: 9)));
    }

    [Fact]
    public async Task List_Filters_ByClientAndLife()
    {
        await stores.StartedAsync(1, with: row => row with { ClientId = "mobile" });
        var ended = await stores.StartedAsync(2, with: row => row with { ClientId = "mobile" });
        await stores.StartedAsync(3);
        await stores.Sessions.EndAsync([SessionEnd.Of(ended, EndReason.Logout, null, T0)], default);
        Assert.Equal([2, 1], await ListAsync(new(null, "mobile", LiveOnly: false, Before: null, Take: 9)));
        Assert.Equal([1], await ListAsync(new(null, "mobile", LiveOnly: true, Before: null, Take: 9)));
        Assert.Equal([2, 1], await ListAsync(new(Alice, "mobile", LiveOnly: false, Before: null, Take: 9)));
        Assert.Equal([3, 1], await ListAsync(new(null, null, LiveOnly: true, Before: null, Take: 9)));
        Assert.Empty(await ListAsync(new(new SubjectId("nobody"), null, LiveOnly: false, Before: null, Take: 9)));
    }

    [Fact]
    public async Task Rename_SetsOrClears_WhenNotEnded()
    {
        var session = await stores.StartedAsync(1);
        Assert.True(await stores.Sessions.RenameDeviceAsync(Id(1), "Küche", default));
        Assert.Equal("Küche", (await stores.FindAsync(Id(1)))!.Device.Name);
        Assert.True(await stores.Sessions.RenameDeviceAsync(Id(1), name: null, default));
        Assert.Equal(session.Device with { Name = null }, (await stores.FindAsync(Id(1)))!.Device);
        Assert.False(await stores.Sessions.RenameDeviceAsync(Id(2), "x", default));
        await stores.Sessions.EndAsync([SessionEnd.Of(session, EndReason.Logout, null, T0)], default);
        Assert.False(await stores.Sessions.RenameDeviceAsync(Id(1), "x", default));
    }

    [Fact]
    public async Task Restamp_Changes_OnlyLiveRowsWithTheOldStamp()
    {
        var ended = await stores.StartedAsync(1);
        await stores.StartedAsync(2);
        await stores.StartedAsync(3, with: row => row with { Stamp = Hash(7) });
        await stores.StartedAsync(4, Bob);
        await stores.Sessions.EndAsync([SessionEnd.Of(ended, EndReason.Logout, null, T0)], default);
        await stores.Sessions.RestampAsync(Alice, from: Hash(5), to: Hash(6), default);
        Bytes16[] stamps = [Hash(5), Hash(6), Hash(7), Hash(5)];
        for (var number = 1; number <= 4; number++) Assert.Equal(stamps[number - 1], (await stores.FindAsync(Id(number)))!.Stamp);
    }

    [Fact]
    public async Task Forget_ErasesPersonalData_InAllRowsOfTheSubject()
    {
        var ended = await stores.StartedAsync(1);
        var other = await stores.StartedAsync(2, Bob);
        await stores.Sessions.EndAsync([SessionEnd.Of(ended, EndReason.AccountDeleted, null, T0)], default);
        await stores.Sessions.ForgetAsync(Alice, default);
        var row = (await stores.FindAsync(Id(1)))!;
        Assert.Equal((new Device("", null, null), null, null), (row.Device, row.IpAddress, row.UserAgent));
        Assert.NotNull(row.Ending);
        Assert.Equal(other, await stores.FindAsync(Id(2)));
    }

    [Fact]
    public async Task Scan_PagesAllRows_InOrderOfId()
    {
        foreach (var number in new[] { 3, 1, 2 }) await stores.StartedAsync(number);
        await stores.Sessions.EndAsync([SessionEnd.Of(Session(2), EndReason.Logout, null, T0)], default);
        Assert.Equal([Id(1), Id(2)], (await stores.Sessions.ScanAsync(after: null, take: 2, default)).Select(row => row.Session!.Id));
        Assert.Equal([Id(3)], (await stores.Sessions.ScanAsync(Id(2), take: 2, default)).Select(row => row.Session!.Id));
        Assert.Empty(await stores.Sessions.ScanAsync(Id(3), take: 2, default));
    }

    [Fact]
    public async Task Scan_TellsWhatStandsAboveEachRow()
    {
        var row = await stores.StartedAsync(1);
        var subject = (await stores.Subjects.FindAsync(Alice, default)).Subject!;
        var ended = SubjectChange.EndAll(subject, EndReason.AllEnded, null, T0);
        Assert.True(await stores.Subjects.TryChangeAsync(subject, ended, default));
        Assert.True(await stores.Subjects.TryRaiseEraAsync(EraChange.Raise(0, null, T0), default));
        Assert.Equal(new SessionFacts(row, ended.Subject, Era: 1, T0), Assert.Single(await stores.Sessions.ScanAsync(after: null, take: 9, default)));
    }

    [Fact]
    public async Task Purge_DeletesRows_AndKeepsOthers()
    {
        for (var number = 1; number <= 3; number++) await stores.StartedAsync(number);
        await stores.Sessions.PurgeAsync([Id(1), Id(3), Id(9)], default);
        Assert.Equal([Id(2)], (await stores.Sessions.ScanAsync(after: null, take: 9, default)).Select(row => row.Session!.Id));
        Assert.NotNull((await stores.Subjects.FindAsync(Alice, default)).Subject);
    }

    private async Task<IEnumerable<int>> ListAsync(SessionQuery query) => Numbers(await stores.Sessions.ListAsync(query, default));

    private async Task<IEnumerable<int>> LiveAsync(SubjectId subject) => Numbers(await stores.Sessions.LiveOfAsync(subject, stores.Time.GetUtcNow(), default));

    private static List<int> Numbers(IEnumerable<Session> rows) => [.. rows.Select(row => (int)row.Id.ToBytes()[^1])];
}

public sealed class InMemorySessionLifeTests() : SessionLifeContract(new InMemoryStores());

public sealed class SqliteSessionLifeTests() : SessionLifeContract(new SqliteStores());

public sealed class PostgresSessionLifeTests() : SessionLifeContract(new PostgresStores());
