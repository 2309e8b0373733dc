using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;
using Symbolon.Authority.Ports;

namespace Symbolon.Storage;

/// <summary>The event log's partitions, one for each day: made ahead, dropped whole when all in it is old enough. Rows are deleted one by one only where a day has no partition.</summary>
/// <remarks>Making and dropping takes a lock on the whole table for a moment; where that cannot be had at once it is left for later, so that nobody waits behind it.
/// Each partition made reads <c>events_default</c> through, with that lock: so today's is made before the first event, and that table stays empty.</remarks>
internal sealed class PostgresEventPartitions(PostgresDatabase database, TimeProvider time, ILogger log)
{
    private const int DaysAhead = 7;
    private const string Prefix = "events_on_";

    private const string ListDays = "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'symbolon.events'::regclass";

    private const string DeleteOld = """
        DELETE FROM ONLY symbolon.events_default WHERE id IN (
            SELECT id FROM (SELECT id, at FROM ONLY symbolon.events_default ORDER BY id LIMIT $2) o WHERE at < (SELECT symbolon.now_ms()) - $1)
        """;

    // A partition cannot be made over rows that stand in the default one: that day stays there.
    private const string IsTaken = "SELECT 1 FROM symbolon.events_default WHERE at >= $1 AND at < $2 LIMIT 1";

    private const string IsOurs = "SELECT 1 FROM pg_class WHERE oid = 'symbolon.events'::regclass AND pg_has_role(relowner, 'USAGE')";

    private static readonly TimeSpan Every = TimeSpan.FromHours(1);
    private long? lookedAt;
    private bool isSaid;

    /// <summary>Makes the partitions of the next days and drops old ones, at most once an hour; then deletes old rows that have none, at most <paramref name="most"/>.</summary>
    public async ValueTask<int> PurgeAsync(TimeSpan olderThan, int most, CancellationToken ct)
    {
        if (lookedAt is not { } at || time.GetElapsedTime(at) >= Every)
        {
            lookedAt = time.GetTimestamp();
            await MaintainAsync(olderThan, ct);
        }

        return await database.WriteAsync(connection => connection.Command(DeleteOld).Add((long)olderThan.TotalMilliseconds).Add(most).RunAsync(), ct);
    }

    /// <summary>Makes what is missing, before the first event comes.</summary>
    public async Task MakeAheadAsync(CancellationToken ct)
    {
        try
        {
            await MaintainAsync(olderThan: null, ct);
        }
        catch (StoreUnavailableException e)
        {
            log.PartitionsFail(e.Message);
        }
    }

    /// <summary>Makes what is missing and drops what is old, where that is asked for.</summary>
    public async Task MaintainAsync(TimeSpan? olderThan, CancellationToken ct)
    {
        if (!await database.ReadAsync(connection => connection.Command(IsOurs).AnyAsync(), ct))
        {
            if (!isSaid) log.PartitionsFail("the table is another user's");
            isSaid = true;
            return;
        }

        var now = (await database.ReadAsync(connection => connection.Command("SELECT symbolon.now_ms()").ListAsync(static row => row.Instant()), ct))[0];
        var days = (await database.ReadAsync(connection => connection.Command(ListDays).ListAsync(static row => row.Text()), ct)).Select(DayOf).OfType<DateOnly>().ToHashSet();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        await ChangeAsync(Enumerable.Range(0, DaysAhead + 1).Select(today.AddDays).Where(day => !days.Contains(day)), MakeAsync, ct);
        if (olderThan is { } age) await ChangeAsync(days.Where(day => Start(day.AddDays(1)) <= now - age).Order(), (connection, day) => connection.Command($"DROP TABLE symbolon.{NameOf(day)}").RunAsync(), ct);
    }

    /// <summary>Makes the partitions of these days that are missing, on a connection whose transaction has the table to itself.</summary>
    public static async Task MakeAsync(NpgsqlConnection connection, IEnumerable<DateOnly> wanted)
    {
        var days = (await connection.Command(ListDays).ListAsync(static row => row.Text())).Select(DayOf).OfType<DateOnly>().ToHashSet();
        foreach (var day in wanted.Where(day => !days.Contains(day))) await MakeAsync(connection, day);
    }

    // One after another, and no more where one cannot be had: who holds the table now holds it for the next one too, and each try is waited behind.
    private async Task ChangeAsync(IEnumerable<DateOnly> days, Func<NpgsqlConnection, DateOnly, Task> change, CancellationToken ct)
    {
        foreach (var day in days)
            if (!await database.TransactAsync((connection, transaction) => TryChangeAsync(connection, transaction, day, change), ct)) return;
    }

    // Caught here: for everybody else the database is no less usable.
    private async Task<bool> TryChangeAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, DateOnly day, Func<NpgsqlConnection, DateOnly, Task> change)
    {
        try
        {
            await connection.Command("SELECT set_config('lock_timeout', '200ms', true), set_config('statement_timeout', '1s', true)").AnyAsync();
            await change(connection, day);
            await transaction.CommitAsync(CancellationToken.None);
            return true;
        }
        catch (PostgresException e) when (!e.IsOfConnection)
        {
            // Another server made or dropped it a moment ago, or somebody holds the table: events go where they did.
            if (e.SqlState is PostgresErrorCodes.DuplicateTable or PostgresErrorCodes.UndefinedTable) return true;
            log.PartitionsFail(e.MessageText);
            return false;
        }
    }

    private static async Task MakeAsync(NpgsqlConnection connection, DateOnly day)
    {
        var (from, to) = (Start(day), Start(day.AddDays(1)));
        if (await connection.Command(IsTaken).Add(from).Add(to).AnyAsync()) return;
        await connection.Command(string.Create(CultureInfo.InvariantCulture,
            $"CREATE TABLE symbolon.{NameOf(day)} PARTITION OF symbolon.events FOR VALUES FROM ({from.ToUnixTimeMilliseconds()}) TO ({to.ToUnixTimeMilliseconds()})")).RunAsync();
    }

    private static DateTimeOffset Start(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);

    private static string NameOf(DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{day:yyyyMMdd}");

    private static DateOnly? DayOf(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) && DateOnly.TryParseExact(name.AsSpan(Prefix.Length), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
