using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Symbolon.Bench.Processes;
using Symbolon.Storage;
using Symbolon.Testing;

namespace Symbolon.Bench.Cluster;

/// <summary>PostgreSQL's own <c>pgbench -M prepared</c>, doing what a refresh reads and writes, on the same tables.</summary>
internal static class PgBench
{
    private const string Session = $@"\set n random(0, :total / 2 - 1) * 2 + 1 + {ClusterSeed.FirstNumber}";

    private const string Find = $"SELECT y.era AS store_era, symbolon.now_ms() AS now, {SessionRows.SubjectColumns}, {SessionRows.Columns}";

    private const string From = "FROM symbolon.system y, symbolon.sessions s JOIN symbolon.subjects b ON b.sub = s.subject";

    private const string IsIt = $"s.sid = ('{ClusterSeed.IdPrefix}' || :n::text)::uuid AND y.id = 1";

    private const string Change = """
        UPDATE symbolon.sessions SET generation = :generation::int + 1, branch = :n, confirmed_at = :now, attempts = '0123456789abcdef',
        superseded = '\x0000000000000000000000000000000000000000', last_seen_at = :now, expires_at = :expires_at WHERE sid = :sid AND generation = :generation AND branch = :branch AND ended_at IS NULL
        """;

    /// <summary>Four statements between BEGIN and COMMIT, each a round trip, as a program does it that knows nothing better.</summary>
    public const string Plain = $"""
        {Session}
        BEGIN;
        {Find} {From} WHERE {IsIt} \gset
        SELECT {UserRows.Columns} FROM symbolon.users u WHERE u.id = :subject \gset u_
        {Change};
        INSERT INTO symbolon.events (kind, at, session, subject, number) VALUES (2, :now, :sid, :subject, :generation);
        COMMIT;
        """;

    /// <summary>Two statements and no transaction around them: the least that does the same without sharing anything.</summary>
    public const string Short = $"""
        {Session}
        {Find}, {UserRows.Columns} {From} JOIN symbolon.users u ON u.id = s.subject WHERE {IsIt} \gset
        WITH rotated AS ({Change} RETURNING sid, subject, generation)
        INSERT INTO symbolon.events (kind, at, session, subject, number) SELECT 2, :now, sid, subject, generation FROM rotated;
        """;

    /// <summary>Runs a script; answers how many were done in which time, and what they cost the database.</summary>
    public static async Task<Work> RunAsync(ClusterDatabase database, ClusterSeed seed, string script, int clients, TimeSpan time)
    {
        var file = Path.Combine(Path.GetTempPath(), $"symbolon-pgbench-{Guid.NewGuid():N}.sql");
        await File.WriteAllTextAsync(file, script);
        try
        {
            var (cpu, wal) = (database.CpuTime, await database.WalAsync());
            var output = await OutputAsync(database, seed, file, clients, time);
            var (count, rate) = (Number(output, "actually processed: "), Number(output, "tps = "));
            return new Work(count, TimeSpan.FromSeconds(count / rate), TimeSpan.Zero, database.CpuTime - cpu, await database.WalAsync() - wal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<string> OutputAsync(ClusterDatabase database, ClusterSeed seed, string file, int clients, TimeSpan time)
    {
        var start = new ProcessStartInfo(PostgresServer.Program("pgbench"),
        [
            "-n", "-M", "prepared", "-h", "127.0.0.1", "-p", $"{database.Port}", "-U", PostgresServer.UserName, "-c", $"{clients}", "-j", "1", "-T", $"{Math.Max(1, (int)time.TotalSeconds)}",
            "-D", $"total={seed.Total}", "-f", file, seed.Database,
        ]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PGPASSWORD"] = database.Password;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 && Number(await output, "failed transactions: ") == 0 ? await output : throw new InvalidOperationException($"pgbench ended with {process.ExitCode}.\n{await output}{await errors}");
    }

    private static double Number(string output, string after)
    {
        var at = output.IndexOf(after, StringComparison.Ordinal);
        var digits = new string([.. output[(at + after.Length)..].TakeWhile(one => char.IsAsciiDigit(one) || one == '.')]);
        return at < 0 ? 0 : double.Parse(digits, CultureInfo.InvariantCulture);
    }
}
