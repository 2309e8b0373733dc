using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Npgsql;
using Symbolon.Bench.Refresh;
using Symbolon.Sessions;
using Symbolon.Storage;

namespace Symbolon.Bench.Cluster;

/// <summary>A database full of live sessions, made by SQL through the real schema. Every second session is this seed's; those between are for pgbench: on the same pages, out of each other's way.</summary>
internal sealed class ClusterSeed : Seed
{
    /// <summary>The sessions of one of the accounts whose list is asked for, and of the one that ends them all.</summary>
    public const int SessionsOfLister = 20, SessionsOfMany = 10_000;

    /// <summary>A session id as SQL: the prefix, and the session's number plus <see cref="FirstNumber"/> in decimal digits, so that pgbench can make one.</summary>
    public const string IdPrefix = "0192f0a4b3c1700080";

    public const string FirstNumber = "10000000000000";

    private const long First = 10_000_000_000_000;
    private const string SecurityStamp = "0123456789abcdef0123456789abcdef";
    private const int Chunk = 250_000, SessionsOfAccount = 4, MostListers = 1_000;

    private readonly ClusterDatabase server;

    private ClusterSeed(ClusterDatabase server, string database, int total)
        : base((total + SessionsOfMany) / 2) => (this.server, Database, Total) = (server, database, total);

    public string Database { get; }

    /// <summary>All sessions but those of the account that has so many.</summary>
    public int Total { get; }

    /// <summary>Accounts whose sessions are spread over the whole table.</summary>
    public int Listers => Math.Min(MostListers, Total / 400);

    /// <summary>One session of the account that has so many.</summary>
    public int OfMany => Total / 2;

    public override IEnumerable<(string Name, string Value)> Storage => [("Symbolon__Storage__Provider", "postgresql"), ("ConnectionStrings__Symbolon", server.ConnectionString(Database))];

    private int Accounts => Total / SessionsOfAccount;

    // Even, so that the sessions are this seed's.
    private int Stride => Total / (Listers * SessionsOfLister) / 2 * 2;

    public static async Task<ClusterSeed> MakeAsync(ClusterDatabase server, int total)
    {
        var seed = new ClusterSeed(server, await server.CreateAsync(), total);
        await using (var source = NpgsqlDataSource.Create($"{server.ConnectionString(seed.Database)};Pooling=false"))
            await PostgresSchema.PrepareAsync(source, PostgresSchema.Migrations, CancellationToken.None);
        await server.RunAsync(Today(), seed.Database);
        for (var from = 0; from < total; from += Chunk) await seed.FillAsync(from, Math.Min(Chunk, total - from), seed.SubjectOfMost);
        await seed.FillAsync(total, SessionsOfMany, Subject($"{seed.Accounts + seed.Listers}"));
        await seed.AddAccountsAsync();
        await server.RunAsync("VACUUM (ANALYZE) symbolon.sessions, symbolon.subjects, symbolon.users, symbolon.events", seed.Database);
        await server.RunAsync("CHECKPOINT", seed.Database);
        return seed;
    }

    /// <summary>One session of such an account.</summary>
    public int OfLister(int lister) => ((lister * Stride) + 2) / 2;

    /// <summary>The session at this place of all: those of odd numbers are pgbench's.</summary>
    public static SessionId IdOf(int number) => new(Guid.Parse($"{IdPrefix}{First + number}"));

    /// <summary>Changes a row on each page of sessions to what it is: its page has gone to the WAL whole since the last checkpoint, as most have in the time between two.</summary>
    public Task TouchPagesAsync() => server.RunAsync(
        $"UPDATE symbolon.sessions s SET retries = retries FROM generate_series(1, {Total - 1}, 10) AS g (n) WHERE s.sid = ('{IdPrefix}' || ({FirstNumber} + n)::text)::uuid", Database);

    /// <summary>Tables and indexes by size.</summary>
    public Task<string> SizesAsync() => server.ReadAsync<string>(
        """
        SELECT string_agg(format('%s %s MB', name, mb), ', ' ORDER BY mb DESC) FROM (
            SELECT c.relname AS name, pg_relation_size(c.oid) / 1048576 AS mb FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'symbolon' AND pg_relation_size(c.oid) > 0) AS sizes WHERE mb > 0
        """,
        Database);

    public override SessionId Id(int index) => IdOf(index * 2);

    protected override Bytes16 Salt(int index)
    {
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(number, index * 2);
        return Bytes16.Read(SHA256.HashData(number));
    }

    private string SubjectOfMost => Subject($"CASE WHEN n % {Stride} = 2 AND n / {Stride} < {Listers * SessionsOfLister} THEN {Accounts} + n / {Stride} % {Listers} ELSE n / {SessionsOfAccount} END");

    // As the server makes it. Each session's start stands in it: a refresh writes its event into indexes of their usual size.
    private static string Today()
    {
        var today = new DateTimeOffset(DateTimeOffset.UtcNow.UtcDateTime.Date, TimeSpan.Zero);
        return string.Create(CultureInfo.InvariantCulture,
            $"CREATE TABLE symbolon.events_on_{today:yyyyMMdd} PARTITION OF symbolon.events FOR VALUES FROM ({today.ToUnixTimeMilliseconds()}) TO ({today.AddDays(1).ToUnixTimeMilliseconds()})");
    }

    private static string Subject(string account) => $"'0192f0a4-b3c1-7000-9000-' || lpad(({account})::text, 12, '0')";

    private Task FillAsync(int from, int count, string subject) => server.RunAsync(
        $"""
        WITH made AS (
            INSERT INTO symbolon.sessions (sid, subject, client_id, device_id, device_name, device_type, created_at, auth_time, amr, scope, ip, user_agent,
                transport, remember, generation, branch, salt, confirmed_at, attempts, superseded, retries, last_seen_at, expires_at, ends_at, era, epoch, stamp)
            SELECT ('{IdPrefix}' || ({FirstNumber} + n)::text)::uuid, {subject}, 'web', md5(n::text), 'Kitchen tablet', 'browser', t.now, t.now, 'pwd', '', '192.0.2.17',
                'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
                {(int)SessionTransport.Body}, true, 0, 0, substring(sha256(int8send(n)) FOR 16), t.now, '', '', 0, t.now, t.now + 14 * 86400000::bigint,
                t.now + 90 * 86400000::bigint, 0, 0, substring(sha256('{SecurityStamp}') FOR 16)
            FROM generate_series({from}, {from + count - 1}) AS g (n), (SELECT symbolon.now_ms() AS now) AS t RETURNING sid, subject)
        INSERT INTO symbolon.events (kind, at, session, subject, number) SELECT {(int)EventKind.SessionStarted}, symbolon.now_ms(), sid, subject, 0 FROM made
        """,
        Database);

    private async Task AddAccountsAsync()
    {
        var count = Accounts + Listers + 1;
        await server.RunAsync($"INSERT INTO symbolon.subjects (sub, epoch, claims_version) SELECT {Subject("k")}, 0, 0 FROM generate_series(0, {count - 1}) AS g (k)", Database);
        await server.RunAsync(
            $"""
            INSERT INTO symbolon.users (id, user_name, normalized_user_name, email_confirmed, password_hash, security_stamp, roles, created_at, concurrency_stamp)
            SELECT {Subject("k")}, 'user' || k, 'USER' || k, false, repeat('A', 84), '{SecurityStamp}', CASE k WHEN 0 THEN '["admin"]' ELSE '["user"]' END, symbolon.now_ms(), md5(k::text)
            FROM generate_series(0, {count - 1}) AS g (k)
            """,
            Database);
    }
}
