using Symbolon.Sessions;
using static Symbolon.StoreContract.Records;

namespace Symbolon.StoreContract;

/// <summary>Reading, starting, rotating, retrying.</summary>
public abstract class SessionStoreContract : IDisposable
{
    private readonly Stores stores;

    private protected SessionStoreContract(Stores stores) => this.stores = stores;

    public void Dispose()
    {
        stores.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Find_AnswersEraAndClock_WhenThereIsNoSession()
    {
        stores.Time.Advance(TimeSpan.FromTicks(12_345));
        var facts = await stores.Sessions.FindAsync(Id(1), default);
        Assert.Equal(new SessionFacts(null, null, 0, T0.AddMilliseconds(1)), facts);
    }

    [Fact]
    public async Task Start_WritesEveryMember_WhenCommitted()
    {
        var session = await stores.StartedAsync(1);
        var facts = await stores.Sessions.FindAsync(Id(1), default);
        Assert.Equal(session, facts.Session);
        Assert.Equal(Subject.New(Alice), facts.Subject);
        Assert.Equal([EventKind.SessionStarted], await stores.KindsAsync(Id(1)));
    }

    [Fact]
    public async Task Start_WritesNulls_WhenMembersAreNull()
    {
        var session = await stores.StartedAsync(1, with: row => row with
        {
            Device = new Device("", null, null), Acr = null, Amr = "", Scope = "", IpAddress = null, UserAgent = null,
            Transport = SessionTransport.Body, Remember = false, ConfirmationThumbprint = null, Branch = long.MinValue, Salt = default,
        });
        Assert.Equal(session, await stores.FindAsync(Id(1)));
    }

    [Fact]
    public async Task Start_WritesText_WhenItIsUnusual()
    {
        var session = await stores.StartedAsync(1, with: row => row with
        {
            Device = new Device("a\0b", "\0", "\ud834\udd1e 𝄞 e\u0301\r\n'\"?1"), UserAgent = new string('é', 5000),
        });
        Assert.Equal(session, await stores.FindAsync(Id(1)));
    }

    [Fact]
    public async Task Start_WritesNothing_WhenOthersAreLive()
    {
        Assert.False(await stores.Sessions.TryStartAsync(Start(Session(1)), [Id(9)], default));
        Assert.Null(await stores.FindAsync(Id(1)));
        Assert.Null((await stores.Subjects.FindAsync(Alice, default)).Subject);
        Assert.Empty(await stores.KindsAsync());
    }

    [Fact]
    public async Task Start_EndsOthers_WhenItMakesRoom()
    {
        var old = await stores.StartedAsync(1);
        var next = Session(2) with { Device = old.Device };
        var start = SessionStart.Plan(next, [old], limit: 100, T0);
        Assert.True(await stores.Sessions.TryStartAsync(start, [Id(1)], default));
        Assert.Equal(new SessionEnding(T0, EndReason.Replaced, "alice"), (await stores.FindAsync(Id(1)))!.Ending);
        Assert.Equal(start.Ends[0].Entry, Assert.Single((await stores.Revocations.ReadAsync(0, 10, default))!.Entries).Entry);
        Assert.Equal([EventKind.SessionStarted, EventKind.SessionEnded, EventKind.SessionStarted], await stores.KindsAsync());
    }

    [Fact]
    public async Task Start_LetsOneThrough_WhenManyPlanOnTheSameSessions()
    {
        var started = await Task.WhenAll(Enumerable.Range(1, 32).Select(number =>
            Task.Run(async () => await stores.Sessions.TryStartAsync(Start(Session(number)), [], default))));
        Assert.Single(started, won => won);
        Assert.Single(await stores.Sessions.LiveOfAsync(Alice, T0, default));
    }

    /// <summary>Guards against comparing a number: one ends and one starts, and there are as many as before.</summary>
    [Fact]
    public async Task Start_LetsOneThrough_WhenManyWouldReplaceTheSameSession()
    {
        var old = await stores.StartedAsync(40);
        var started = await Task.WhenAll(Enumerable.Range(1, 32).Select(number => Task.Run(async () =>
            await stores.Sessions.TryStartAsync(SessionStart.Plan(Session(number) with { Device = old.Device }, [old], limit: 100, T0), [old.Id], default))));
        Assert.Single(started, won => won);
        Assert.Single(await stores.Sessions.LiveOfAsync(Alice, T0, default));
    }

    [Fact]
    public async Task Start_DoesNotCount_SessionsThatAreOver()
    {
        var old = await stores.StartedAsync(1, with: row => row with { ExpiresAt = T0.AddMinutes(1) });
        var ended = await stores.StartedAsync(2);
        await stores.Sessions.EndAsync([SessionEnd.Of(ended, EndReason.Logout, null, T0)], default);
        await stores.StartedAsync(3, Bob);
        var late = Session(4) with { CreatedAt = T0.AddMinutes(1) };
        Assert.False(await stores.Sessions.TryStartAsync(Start(late), [Id(1)], default));
        Assert.True(await stores.Sessions.TryStartAsync(Start(late), [], default));
        Assert.Equal(old, await stores.FindAsync(Id(1)));
    }

    [Fact]
    public async Task Rotate_WritesConfirmedTokenAndEvent_WhenUnchanged()
    {
        var first = await stores.StartedAsync(1);
        var next = await stores.RotatedAsync(first);
        Assert.Equal(next, await stores.FindAsync(Id(1)));
        Assert.Equal([EventKind.SessionRefreshed, EventKind.SessionStarted], await stores.KindsAsync(Id(1)));
    }

    [Fact]
    public async Task Rotate_WritesSupersededTokens_WhenThereAreSome()
    {
        var row = await stores.StartedAsync(1);
        for (var count = 0; count <= SupersededTokens.Most + 1; count++)
        {
            row = await stores.RotatedAsync(row, branch: 10 - count);
            Assert.Equal(Math.Min(count, SupersededTokens.Most), row.Superseded.Count);
            Assert.Equal(row.Superseded, (await stores.FindAsync(Id(1)))!.Superseded);
        }
    }

    [Fact]
    public async Task Start_WritesSupersededTokens_WhenThereAreSome()
    {
        var some = SupersededTokens.After(Session(1) with { Generation = 4 }, T0, TimeSpan.FromSeconds(10), skipsGeneration: true);
        var session = await stores.StartedAsync(1, with: row => row with { Generation = 6, Superseded = some });
        Assert.Equal(2, some.Count);
        Assert.Equal(session, await stores.FindAsync(Id(1)));
    }

    [Fact]
    public async Task Rotate_KeepsWhatItDoesNotOwn_WhenOthersWroteMeanwhile()
    {
        var first = await stores.StartedAsync(1);
        await stores.Sessions.RenameDeviceAsync(Id(1), "Renamed", default);
        await stores.Sessions.RestampAsync(Alice, Hash(5), Hash(6), default);
        await stores.RotatedAsync(first);
        var row = await stores.FindAsync(Id(1));
        Assert.Equal(("Renamed", Hash(6), 1), (row!.Device.Name, row.Stamp, row.Generation));
    }

    [Fact]
    public async Task Rotate_ChangesNothing_WhenRowMovedOnOrEndedOrIsUnknown()
    {
        var first = await stores.StartedAsync(1);
        var second = await stores.RotatedAsync(first);
        var stale = Next(first, branch: 9);
        Assert.False(await stores.Sessions.TryRotateAsync(first, stale, Refreshed(stale), default));
        Assert.False(await stores.Sessions.TryRotateAsync(second with { Branch = 3 }, stale, Refreshed(stale), default));
        await stores.Sessions.EndAsync([SessionEnd.Of(second, EndReason.Logout, null, T0)], default);
        Assert.False(await stores.Sessions.TryRotateAsync(second, Next(second), Refreshed(second), default));
        Assert.False(await stores.Sessions.TryRotateAsync(Session(2), Session(2), Refreshed(second), default));
        Assert.Equal((1, 1L), ((await stores.FindAsync(Id(1)))!.Generation, (await stores.FindAsync(Id(1)))!.Branch));
        Assert.Equal([EventKind.SessionEnded, EventKind.SessionRefreshed, EventKind.SessionStarted], await stores.KindsAsync(Id(1)));
    }

    [Fact]
    public async Task Rotate_LetsOneThrough_WhenManyPresentAtOnce()
    {
        var first = await stores.StartedAsync(1);
        var rotated = await Task.WhenAll(Enumerable.Range(1, 64).Select(branch =>
            Task.Run(async () => await stores.Sessions.TryRotateAsync(first, Next(first, branch), Refreshed(Next(first, branch)), default))));
        var row = await stores.FindAsync(Id(1));
        Assert.Single(rotated, won => won);
        Assert.True(rotated[row!.Branch - 1]);
        Assert.Single(await stores.KindsAsync(Id(1)), kind => kind is EventKind.SessionRefreshed);
    }

    [Fact]
    public async Task Retry_CountsAll_WhenManyComeAtOnce()
    {
        var row = await stores.RotatedAsync(await stores.StartedAsync(1));
        var counted = await Task.WhenAll(Enumerable.Range(10, 64).Select(attempt =>
            Task.Run(async () => await stores.Sessions.TryRetryAsync(row, Hash(attempt), Retried(row), default))));
        var after = (await stores.FindAsync(Id(1)))!;
        Assert.All(counted, Assert.True);
        Assert.Equal((64, AttemptHashes.Most), (after.Retries, after.Attempts.Count));
        Assert.True(after.Attempts.Contains(Hash(1)));
        Assert.Equal(64, (await stores.KindsAsync(Id(1))).Count(kind => kind is EventKind.SessionRetried));
    }

    [Fact]
    public async Task Retry_KeepsAttemptOnce_WhenItComesAgainOrIsAbsent()
    {
        var row = await stores.RotatedAsync(await stores.StartedAsync(1));
        Assert.True(await stores.Sessions.TryRetryAsync(row, Hash(1), Retried(row), default));
        Assert.True(await stores.Sessions.TryRetryAsync(row, attempt: null, Retried(row), default));
        Assert.True(await stores.Sessions.TryRetryAsync(row, Hash(2), Retried(row), default));
        Assert.Equal(AttemptHashes.Of(Hash(1)).With(Hash(2)), (await stores.FindAsync(Id(1)))!.Attempts);
    }

    [Fact]
    public async Task Retry_ChangesNothing_WhenRowMovedOnOrEnded()
    {
        var first = await stores.StartedAsync(1);
        var second = await stores.RotatedAsync(first);
        Assert.False(await stores.Sessions.TryRetryAsync(first, Hash(9), Retried(first), default));
        await stores.Sessions.EndAsync([SessionEnd.Of(second, EndReason.Logout, null, T0)], default);
        Assert.False(await stores.Sessions.TryRetryAsync(second, Hash(9), Retried(second), default));
        Assert.Equal(0, (await stores.FindAsync(Id(1)))!.Retries);
    }
}

public sealed class InMemorySessionStoreTests() : SessionStoreContract(new InMemoryStores());

public sealed class SqliteSessionStoreTests() : SessionStoreContract(new SqliteStores());

public sealed class SqliteUnbatchedSessionStoreTests() : SessionStoreContract(new SqliteStores(options => options.MaxBatch = 1));

public sealed class PostgresSessionStoreTests() : SessionStoreContract(new PostgresStores());

public sealed class PostgresUnbatchedSessionStoreTests() : SessionStoreContract(new PostgresStores(options => options.MaxBatch = 1));
