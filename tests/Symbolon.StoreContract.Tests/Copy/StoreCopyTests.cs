using Symbolon.Storage;
using Symbolon.Storage.Copy;

namespace Symbolon.StoreContract.Copy;

/// <summary>Copying a store: what arrives, what happens when it does not, and what it refuses.</summary>
public sealed class StoreCopyTests : IDisposable
{
    private readonly List<Place> places = [];

    public static TheoryData<string, string> Pairs => new() { { "sqlite", "postgresql" }, { "postgresql", "sqlite" }, { "sqlite", "sqlite" }, { "postgresql", "postgresql" } };

    public void Dispose() => places.ForEach(place => place.Dispose());

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Run_BringsEverythingAsItWas_WhateverTheEngines(string engine, string other)
    {
        var (first, second, third) = (await FilledAsync(engine), await NewAsync(other), await NewAsync(engine));
        var there = await CopyAsync(first, second);
        Assert.Empty((await CopyAsync(second, third)).Differences);
        Assert.Empty(there.Differences);
        Assert.All(there.Tables.SkipLast(1), table => Assert.Equal(20, table.Target.Rows));
        Assert.Equal(await first.ContentsAsync(), await second.ContentsAsync());
        Assert.Equal(await first.ContentsAsync(), await third.ContentsAsync());
        Assert.Equal(3, new HashSet<string> { await first.TimelineAsync(), await second.TimelineAsync(), await third.TimelineAsync() }.Count);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Run_MayBeRepeated_WhenTheTargetIsAnUntouchedCopy(string engine, string other)
    {
        var (source, target) = (await FilledAsync(engine), await NewAsync(other));
        await CopyAsync(source, target);
        source.Script("DELETE FROM sessions; UPDATE users SET email = 'x'", "DELETE FROM symbolon.sessions; UPDATE symbolon.users SET email = 'x'");
        var before = await target.TimelineAsync();
        Assert.Empty((await CopyAsync(source, target)).Differences);
        Assert.Equal(await source.ContentsAsync(), await target.ContentsAsync());
        Assert.NotEqual(before, await target.TimelineAsync());
    }

    [Theory]
    [InlineData("sqlite", "UPDATE subjects SET epoch = 5 WHERE sub = (SELECT min(sub) FROM subjects)")]
    [InlineData("sqlite", "UPDATE system SET timeline = 'another'")]
    [InlineData("postgresql", "UPDATE symbolon.revocation_head SET seq = seq + 1")]
    [InlineData("postgresql", "DELETE FROM symbolon.attempts")]
    public async Task Run_LeavesTheTarget_WhenItWasUsedSince(string engine, string change)
    {
        var (source, target) = (await FilledAsync("sqlite"), await NewAsync(engine));
        await CopyAsync(source, target);
        target.Script(change, change);
        var before = await target.ContentsAsync();
        Assert.Contains("--replace", await RefusalAsync(source, target), StringComparison.Ordinal);
        Assert.Equal(before, await target.ContentsAsync());
        Assert.Empty((await new StoreCopy(TimeProvider.System) { Replaces = true }.RunAsync(source.From, target.To, default)).Differences);
        Assert.Equal(await source.ContentsAsync(), await target.ContentsAsync());
    }

    [Fact]
    public async Task Run_Refuses_WhenTheTargetIsTheCopyOfAnotherStore()
    {
        var (source, other, target) = (await FilledAsync("sqlite"), await FilledAsync("sqlite"), await NewAsync("sqlite"));
        await CopyAsync(other, target);
        Assert.Contains("untouched copy of this source", await RefusalAsync(source, target), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgresql")]
    public async Task Run_Refuses_WhenSourceAndTargetAreOne(string engine)
    {
        var source = await FilledAsync(engine);
        var before = await source.ContentsAsync();
        Assert.Contains("the same store", await RefusalAsync(source, source, new StoreCopy(TimeProvider.System) { Replaces = true }), StringComparison.Ordinal);
        Assert.Equal(before, await source.ContentsAsync());
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgresql")]
    public async Task Run_LeavesTheTargetAsItWas_WhenItBreaksInTheMiddle(string engine)
    {
        var (source, target) = (await FilledAsync("postgresql"), await NewAsync(engine));
        await CopyAsync(source, target);
        var (before, timeline) = (await target.ContentsAsync(), await target.TimelineAsync());
        source.Script("", "UPDATE symbolon.sessions SET retries = 9");
        target.Script(
            "CREATE TRIGGER broken BEFORE INSERT ON users WHEN new.id LIKE '% 7' BEGIN SELECT RAISE(ABORT, 'broken'); END",
            """
            CREATE FUNCTION symbolon.broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$;
            CREATE TRIGGER broken BEFORE INSERT ON symbolon.users FOR EACH ROW WHEN (NEW.id LIKE '% 7') EXECUTE FUNCTION symbolon.broken();
            """);
        Assert.Contains("The copy has failed", await RefusalAsync(source, target), StringComparison.Ordinal);
        Assert.Equal(before, await target.ContentsAsync());
        Assert.Equal(timeline, await target.TimelineAsync());
        target.Script("DROP TRIGGER broken", "DROP TRIGGER broken ON symbolon.users");
        Assert.Empty((await CopyAsync(source, target)).Differences);
        Assert.Equal(await source.ContentsAsync(), await target.ContentsAsync());
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgresql")]
    public async Task Run_NamesTheTableAndChangesNothing_WhenSomethingArrivesChanged(string engine)
    {
        var (source, target) = (await FilledAsync("sqlite"), await NewAsync(engine));
        await (await target.To.OpenTargetAsync(default)).DisposeAsync();
        target.Script(
            "CREATE TRIGGER meddler AFTER INSERT ON subjects WHEN new.sub LIKE '% 7' BEGIN UPDATE subjects SET claims_version = 77 WHERE sub = new.sub; END",
            """
            CREATE FUNCTION symbolon.meddle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.claims_version = 77; RETURN NEW; END $$;
            CREATE TRIGGER meddler BEFORE INSERT ON symbolon.subjects FOR EACH ROW WHEN (NEW.sub LIKE '% 7') EXECUTE FUNCTION symbolon.meddle();
            """);
        var report = await CopyAsync(source, target);
        var difference = Assert.Single(report.Differences);
        Assert.Equal(("subjects", 20L, 20L), (difference.Name, difference.Source.Rows, difference.Target.Rows));
        Assert.All((await target.ContentsAsync()).Where(table => table.Key != "system"), table => Assert.Empty(table.Value));
    }

    private async Task<Place> NewAsync(string engine) => Kept(await Place.NewAsync(engine));

    private async Task<Place> FilledAsync(string engine) => Kept(await Place.FilledAsync(engine));

    private Place Kept(Place place)
    {
        places.Add(place);
        return place;
    }

    private static Task<StoreCopyReport> CopyAsync(Place from, Place to) => new StoreCopy(TimeProvider.System).RunAsync(from.From, to.To, default);

    private static async Task<string> RefusalAsync(Place from, Place to, StoreCopy? copy = null) =>
        (await Assert.ThrowsAsync<StorageStartException>(() => (copy ?? new StoreCopy(TimeProvider.System)).RunAsync(from.From, to.To, default))).Message;
}
