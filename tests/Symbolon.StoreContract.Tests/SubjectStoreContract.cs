using Symbolon.Revocation;
using Symbolon.Sessions;
using static Symbolon.StoreContract.Records;

namespace Symbolon.StoreContract;

/// <summary>Subjects, the era, failure counters.</summary>
public abstract class SubjectStoreContract : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    private readonly Stores stores;

    private protected SubjectStoreContract(Stores stores) => this.stores = stores;

    public void Dispose()
    {
        stores.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Find_AnswersNull_WhenThereIsNoRow()
    {
        var facts = await stores.Subjects.FindAsync(Alice, default);
        Assert.Equal((null, 0, T0), (facts.Subject, facts.Era, facts.Now));
    }

    [Fact]
    public async Task Change_WritesRowEntryAndEvents_WhenUnchanged()
    {
        Assert.True(await stores.Subjects.TryChangeAsync(read: null, SubjectChange.Created(Subject.New(Alice), T0), default));
        var disable = SubjectChange.Disable(Subject.New(Alice), "root", T0.AddMinutes(1));
        Assert.True(await stores.Subjects.TryChangeAsync(Subject.New(Alice), disable, default));
        Assert.Equal(disable.Subject, (await stores.Subjects.FindAsync(Alice, default)).Subject);
        Assert.Equal(disable.Entry, Assert.Single((await stores.Revocations.ReadAsync(0, 10, default))!.Entries).Entry);
        Assert.Equal([EventKind.AccountDisabled, EventKind.SubjectEnded, EventKind.AccountCreated], await stores.KindsAsync(subject: Alice));
    }

    [Fact]
    public async Task Change_WritesNothing_WhenRowIsNotAsRead()
    {
        var first = SubjectChange.Created(Subject.New(Alice), T0);
        Assert.False(await stores.Subjects.TryChangeAsync(Subject.New(Alice), first, default));
        Assert.True(await stores.Subjects.TryChangeAsync(read: null, first, default));
        Assert.False(await stores.Subjects.TryChangeAsync(read: null, first, default));
        var stale = Subject.New(Alice) with { ClaimsVersion = 4 };
        Assert.False(await stores.Subjects.TryChangeAsync(stale, SubjectChange.ClaimsChanged(stale, null, T0), default));
        Assert.Equal(Subject.New(Alice), (await stores.Subjects.FindAsync(Alice, default)).Subject);
        Assert.Equal([EventKind.AccountCreated], await stores.KindsAsync());
    }

    [Fact]
    public async Task Change_LosesNone_WhenManyRaiseTheEpochAtOnce()
    {
        await stores.Subjects.TryChangeAsync(read: null, SubjectChange.Created(Subject.New(Alice), T0), default);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                var read = (await stores.Subjects.FindAsync(Alice, default)).Subject!;
                if (await stores.Subjects.TryChangeAsync(read, SubjectChange.EndAll(read, EndReason.Risk, null, T0), default)) return;
            }
        })));
        Assert.Equal((16, EndReason.Risk), ((await stores.Subjects.FindAsync(Alice, default)).Subject!.Epoch, (await stores.Subjects.FindAsync(Alice, default)).Subject!.EpochReason));
        Assert.Equal(Enumerable.Range(1, 16), (await stores.Revocations.ReadAsync(0, 99, default))!.Entries.Select(logged => logged.Entry!.Number));
    }

    [Fact]
    public async Task List_PagesInOrder_WithoutDeletedOnes()
    {
        foreach (var name in new[] { "d", "b", "a", "c" }) await CreateAsync(name);
        var gone = Subject.New(new SubjectId("b"));
        await stores.Subjects.TryChangeAsync(gone, SubjectChange.Delete(gone, null, T0), default);
        Assert.Equal(["a", "c"], (await stores.Subjects.ListAsync(after: null, take: 2, default)).Select(row => row.Id.Value));
        Assert.Equal(["d"], (await stores.Subjects.ListAsync(new SubjectId("c"), take: 2, default)).Select(row => row.Id.Value));
        Assert.Equal(T0, (await stores.Subjects.FindAsync(gone.Id, default)).Subject!.DeletedAt);
    }

    [Fact]
    public async Task RaiseEra_LetsOneThrough_WhenManyRaiseTheSame()
    {
        var change = EraChange.Raise(0, "root", T0);
        var raised = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () => await stores.Subjects.TryRaiseEraAsync(change, default))));
        Assert.Single(raised, won => won);
        Assert.Equal(1, (await stores.Subjects.FindAsync(Alice, default)).Era);
        Assert.Equal(RevocationKind.Era, Assert.Single((await stores.Revocations.ReadAsync(0, 10, default))!.Entries).Entry!.Kind);
        Assert.False(await stores.Subjects.TryRaiseEraAsync(EraChange.Raise(4, null, T0), default));
    }

    [Fact]
    public async Task CountAttempt_LosesNone_WhenManyComeAtOnce()
    {
        var counts = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ =>
            Task.Run(async () => (await stores.Subjects.CountAttemptAsync([new(Hash(1), 1000), new(Hash(2), 1000)], Window, default))[1].Count)));
        Assert.Equal(Enumerable.Range(1, 64), counts.Order());
    }

    [Fact]
    public async Task CountAttempt_StopsAtTheFirstFullKey_SoThatItFillsNoOther()
    {
        for (var i = 0; i < 5; i++) await stores.Subjects.CountAttemptAsync([new(Hash(1), 2), new(Hash(2), 100)], Window, default);
        Assert.Equal([6], (await stores.Subjects.CountAttemptAsync([new(Hash(1), 2), new(Hash(2), 100)], Window, default)).Select(counter => counter.Count));
        Assert.Equal([3], (await stores.Subjects.CountAttemptAsync([new(Hash(2), 100)], Window, default)).Select(counter => counter.Count));
    }

    [Fact]
    public async Task CountAttempt_BeginsAnew_WhenWindowIsOver()
    {
        await stores.Subjects.CountAttemptAsync([new(Hash(1), 1000)], Window, default);
        stores.Time.Advance(Window - TimeSpan.FromMilliseconds(1));
        Assert.Equal(new(2, T0 + Window), (await stores.Subjects.CountAttemptAsync([new(Hash(1), 1000)], Window, default))[0]);
        stores.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(new(1, T0 + Window + Window), (await stores.Subjects.CountAttemptAsync([new(Hash(1), 1000)], Window, default))[0]);
    }

    [Fact]
    public async Task ForgiveAttempt_ForgetsFirst_AndTakesOneOffTheOthers()
    {
        for (var i = 0; i < 3; i++) await stores.Subjects.CountAttemptAsync([new(Hash(1), 1000), new(Hash(2), 1000)], Window, default);
        await stores.Subjects.ForgiveAttemptAsync([Hash(1), Hash(2), Hash(3)], default);
        Assert.Equal([1, 3, 1], (await stores.Subjects.CountAttemptAsync([new(Hash(1), 1000), new(Hash(2), 1000), new(Hash(3), 1000)], Window, default)).Select(counter => counter.Count));
    }

    [Fact]
    public async Task PurgeAttempts_Drops_OnlyCountersOfAnOlderWindow()
    {
        await stores.Subjects.CountAttemptAsync([new(Hash(1), 1000)], Window, default);
        stores.Time.Advance(TimeSpan.FromMinutes(10));
        await stores.Subjects.CountAttemptAsync([new(Hash(2), 1000)], Window, default);
        stores.Time.Advance(TimeSpan.FromMinutes(5));
        await stores.Subjects.PurgeAttemptsAsync(Window, 100, default);
        var counts = await stores.Subjects.CountAttemptAsync([new(Hash(1), 1000), new(Hash(2), 1000)], TimeSpan.FromDays(1), default);
        Assert.Equal([1, 2], counts.Select(counter => counter.Count));
    }

    private async Task CreateAsync(string name) =>
        Assert.True(await stores.Subjects.TryChangeAsync(read: null, SubjectChange.Created(Subject.New(new SubjectId(name)), T0), default));
}

public sealed class InMemorySubjectStoreTests() : SubjectStoreContract(new InMemoryStores());

public sealed class SqliteSubjectStoreTests() : SubjectStoreContract(new SqliteStores());

public sealed class PostgresSubjectStoreTests() : SubjectStoreContract(new PostgresStores());
