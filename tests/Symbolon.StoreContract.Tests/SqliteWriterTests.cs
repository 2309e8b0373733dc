using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Symbolon.Authority.Ports;
using Symbolon.Storage;

namespace Symbolon.StoreContract;

/// <summary>How changes share transactions, and what happens when one of them, or the disk, fails.</summary>
public sealed class SqliteWriterTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly SqliteStores stores = new(options => (options.QueueLimit, options.BusyTimeout) = (8, TimeSpan.FromMilliseconds(50)));
    private readonly ManualResetEventSlim gate = new();

    private SqliteDatabase Database => stores.Database;

    public void Dispose()
    {
        gate.Set();
        stores.Dispose();
        gate.Dispose();
    }

    [Fact]
    public async Task Write_EndsAfterTheCommit_WhenOthersShareItsTransaction()
    {
        using var lateGate = new ManualResetEventSlim();
        var blocker = await BlockAsync();
        var early = Add("early");
        var (begun, late) = Blocked(lateGate, value: "late");
        gate.Set();
        await blocker.WaitAsync(Soon);
        await begun.WaitAsync(Soon); // early has run by now, in the same transaction
        Assert.False(early.IsCompleted);
        Assert.Empty(Values());
        lateGate.Set();
        await Task.WhenAll(early, late).WaitAsync(Soon);
        Assert.Equal(["early", "late"], Values());
    }

    [Fact]
    public async Task Write_FailsAlone_WhenItThrowsAmongOthers()
    {
        var blocker = await BlockAsync();
        var before = Add("before");
        var bad = Write<int>(db =>
        {
            Insert(db, "bad");
            throw new InvalidTimeZoneException("on purpose");
        });
        var refused = Write(db => Insert(db, null)); // NOT NULL: SQLite itself refuses
        var after = Add("after");
        gate.Set();
        await Task.WhenAll(blocker, before, after).WaitAsync(Soon);
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => bad.WaitAsync(Soon));
        await Assert.ThrowsAsync<SqliteException>(() => refused.WaitAsync(Soon));
        Assert.Equal(["before", "after"], Values());
    }

    [Fact]
    public async Task Write_IsRefused_WhenTheQueueIsFull()
    {
        var blocker = await BlockAsync();
        var queued = Enumerable.Range(0, 8).Select(number => Add($"{number}")).ToList();
        Assert.Throws<StoreUnavailableException>(() => { _ = Add("too much"); });
        gate.Set();
        await Task.WhenAll([blocker, .. queued]).WaitAsync(Soon);
        await Add("again").WaitAsync(Soon);
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7", "again"], Values());
    }

    [Fact]
    public async Task Write_IsNotBegun_WhenItsCallerHasGone()
    {
        using var gone = new CancellationTokenSource();
        var blocker = await BlockAsync();
        var cancelled = Database.WriteAsync(db => Insert(db, "cancelled"), gone.Token).AsTask();
        var kept = Add("kept");
        await gone.CancelAsync();
        gate.Set();
        await Task.WhenAll(blocker, kept).WaitAsync(Soon);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.WaitAsync(Soon));
        Assert.Equal(["kept"], Values());
    }

    [Fact]
    public async Task Write_IsUnavailable_WhileAnotherProgramHoldsTheLock()
    {
        using (var other = new StoreConnection(stores.File, create: false, TimeSpan.Zero))
        {
            other.Execute("BEGIN EXCLUSIVE");
            var waited = Stopwatch.StartNew();
            await Assert.ThrowsAsync<StoreUnavailableException>(() => Add("locked").WaitAsync(Soon));
            Assert.InRange(waited.ElapsedMilliseconds, 50, 900); // BusyTimeout; the library alone would sleep and try again for a second at least
            Assert.Null(await stores.FindAsync(Records.Id(1))); // reading goes on
            other.Execute("ROLLBACK");
        }

        await Add("free").WaitAsync(Soon);
        Assert.Equal(["free"], Values());
    }

    [Fact]
    public async Task Write_IsUnavailable_WhileTheDiskIsFull()
    {
        var pages = await Write(db => (int)db.Query("PRAGMA page_count"));
        await Write(db => db.Query($"PRAGMA max_page_count={pages}"));
        var large = Enumerable.Range(0, 4).Select(_ => Add(new string('x', 100_000))).ToList();
        foreach (var write in large) await Assert.ThrowsAsync<StoreUnavailableException>(() => write.WaitAsync(Soon));
        await Write(db => db.Query("PRAGMA max_page_count=1000000"));
        await Add("room").WaitAsync(Soon);
        Assert.Equal(["room"], Values());
    }

    [Fact]
    public async Task Write_OpensAnotherConnection_WhenItsOwnIsOfNoUse()
    {
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Write<int>(_ => throw new SqliteException("disk I/O error", 10)).WaitAsync(Soon));
        await Write(db =>
        {
            db.Execute("PRAGMA query_only=ON");
            return 0;
        });
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Add("read-only").WaitAsync(Soon));
        await Add("again").WaitAsync(Soon);
        Assert.Equal(["again"], Values());
    }

    [Fact]
    public async Task Dispose_FinishesWhatWasAccepted()
    {
        var blocker = await BlockAsync();
        var accepted = Add("accepted");
        var closing = Task.Run(Database.Dispose);
        gate.Set();
        await Task.WhenAll(blocker, accepted, closing).WaitAsync(Soon);
        Assert.Throws<StoreUnavailableException>(() => { _ = Add("late"); });
        Assert.Throws<StoreUnavailableException>(() => { _ = Values(); });
        using var again = new SqliteDatabase(new SqliteOptions { DataSource = stores.File }, stores.Time);
        again.Open();
        Assert.Equal(["accepted"], Values(again));
    }

    // Table fingerprints serves as the place to write to: one text column, NOT NULL.
    private static readonly Sql InsertValue = new("INSERT INTO fingerprints (value) VALUES (?)"), Select = new("SELECT value FROM fingerprints ORDER BY id");

    private static int Insert(StoreConnection db, string? value) => db.Use(InsertValue).Add(value).Run();

    private Task<T> Write<T>(Func<StoreConnection, T> change) => Database.WriteAsync(change, default).AsTask();

    private Task<int> Add(string value) => Write(db => Insert(db, value));

    private List<string> Values(SqliteDatabase? database = null) => (database ?? Database).Read(0, static (db, _) => db.Use(Select).ToList(row => row.Text()));

    private async Task<Task> BlockAsync()
    {
        var (begun, ended) = Blocked(gate, value: null);
        await begun.WaitAsync(Soon);
        return ended;
    }

    private (Task Begun, Task Ended) Blocked(ManualResetEventSlim until, string? value)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (begun.Task, Write(db =>
        {
            begun.TrySetResult();
            until.Wait(Soon);
            return value is null ? 0 : Insert(db, value);
        }));
    }
}
