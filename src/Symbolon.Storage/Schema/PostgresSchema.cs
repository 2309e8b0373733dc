using System.Globalization;
using Npgsql;

namespace Symbolon.Storage;

/// <summary>Brings a database to the schema of this program: numbered scripts, each applied once, in one transaction under one lock. Any number of servers may start at once.</summary>
/// <remarks>
/// Expand, then contract (docs/storage-postgresql.md): a script that older programs can work with leaves <c>oldest</c> as it is; one that they
/// cannot work with says which can. A program refuses a schema whose <c>oldest</c> is above the newest script that it knows.
/// </remarks>
internal static class PostgresSchema
{
    /// <summary>The oldest server that has what the scripts use.</summary>
    public const int OldestServer = 150000;

    // "symbolon" in ASCII: an advisory lock is a number.
    private const long MigrationLock = 0x73796D626F6C6F6E;

    // So long one server waits for another's migration, and a migration for whoever holds a table.
    private const string Patience = "60s";

    private static readonly Lazy<IReadOnlyList<string>> Known = new(() => Scripts.Of("Postgres"));

    /// <summary>The scripts that this program knows.</summary>
    public static IReadOnlyList<PostgresMigration> Migrations { get; } = [.. Known.Value.Select(script => new PostgresMigration(script))];

    /// <summary>Makes or migrates the schema. Answers its version.</summary>
    /// <exception cref="StorageStartException">The database cannot be used. Nothing was changed.</exception>
    public static async Task<int> PrepareAsync(NpgsqlDataSource source, IReadOnlyList<PostgresMigration> migrations, CancellationToken ct)
    {
        try
        {
            await using var connection = await source.OpenAsync(ct);
            await RequireUsableServerAsync(connection, ct);
            if (await ReadAsync(connection, ct) is { } now && now.Version >= migrations.Count) return Require(now, migrations.Count).Version;
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await connection.Command("SELECT set_config('statement_timeout', '0', true), set_config('lock_timeout', $1, true)").Add(Patience).RunAsync();
            await connection.Command("SELECT pg_advisory_xact_lock($1)").Add(MigrationLock).Unhurried().RunAsync();
            var version = await MigrateAsync(connection, migrations);
            await transaction.CommitAsync(ct);
            return version;
        }
        catch (NpgsqlException failure)
        {
            throw new StorageStartException(PostgresStartErrors.Explain(failure), failure);
        }
    }

    /// <summary>Refuses a database whose schema is not exactly the one of this program; changes nothing.</summary>
    /// <exception cref="StorageStartException">It is another, or none.</exception>
    public static async Task RequireCurrentAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await RequireUsableServerAsync(connection, ct);
        var version = (await ReadAsync(connection, ct))?.Version ?? 0;
        if (version != Migrations.Count)
            throw new StorageStartException(version == 0 ? "The database holds nothing."
                : $"The database has schema {version}, this program knows {Migrations.Count}. {(version < Migrations.Count ? "Start this version on it once." : "Copy with the newer version.")}");
    }

    private static async Task<int> MigrateAsync(NpgsqlConnection connection, IReadOnlyList<PostgresMigration> migrations)
    {
        // Read again: another server may have been quicker.
        var (version, oldest) = Require(await ReadAsync(connection, CancellationToken.None) ?? new(0, 0), migrations.Count);
        if (version >= migrations.Count) return version;
        if (version == 0) await CreateAsync(connection);
        for (var next = version; next < migrations.Count; next++)
        {
            await connection.Command(migrations[next].Script).Unhurried().RunAsync();
            oldest = Math.Max(oldest, next == 0 ? 1 : migrations[next].Oldest);
        }

        await connection.Command("UPDATE symbolon.schema SET version = $1, oldest = $2 WHERE id = 1").Add(migrations.Count).Add(oldest).RunAsync();
        return migrations.Count;
    }

    // A schema that somebody made for us, and owns, is as good as one we make.
    private static async Task CreateAsync(NpgsqlConnection connection)
    {
        if (!await connection.Command("SELECT 1 FROM pg_namespace WHERE nspname = 'symbolon'").AnyAsync()) await connection.Command("CREATE SCHEMA symbolon").RunAsync();
        await connection.Command("CREATE TABLE symbolon.schema (id smallint PRIMARY KEY CHECK (id = 1), version integer NOT NULL, oldest integer NOT NULL)").RunAsync();
        await connection.Command("INSERT INTO symbolon.schema (id, version, oldest) VALUES (1, 0, 0)").RunAsync();
    }

    private static SchemaVersion Require(SchemaVersion schema, int known) => schema.Oldest <= known ? schema
        : throw new StorageStartException(
            $"The database was written by a newer version (schema {schema.Version}, for programs that know {schema.Oldest}; this one knows {known}). Start the newer version, or restore a backup from before the upgrade.");

    private static async Task<SchemaVersion?> ReadAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        // Out of the catalog's rows: after waiting for the lock, a name's look-up (to_regclass) may still answer from before.
        if (!await connection.Command("SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'symbolon' AND c.relname = 'schema'").AnyAsync()) return null;
        return (await connection.Command("SELECT version, oldest FROM symbolon.schema").ListAsync(static row => new SchemaVersion(row.Int32(), row.Int32())))[0];
    }

    private static async Task RequireUsableServerAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var (version, name, isStandby, encoding) = (await connection.Command("SELECT current_setting('server_version_num')::integer, current_setting('server_version'), pg_is_in_recovery(), current_setting('server_encoding')")
            .ListAsync(static row => (row.Int32(), row.Text(), row.Boolean(), row.Text())))[0];
        if (version < OldestServer) throw new StorageStartException($"The database server is PostgreSQL {name}. Symbolon needs 15 or later.");
        if (encoding != "UTF8") throw new StorageStartException($"The database's encoding is {encoding}, which cannot hold every text. Make it with CREATE DATABASE … ENCODING 'UTF8'.");
        if (isStandby) throw new StorageStartException(PostgresStartErrors.Standby);
    }

    private sealed record SchemaVersion(int Version, int Oldest);
}

/// <summary>One numbered script.</summary>
/// <param name="Script">SQL, applied once.</param>
/// <param name="Oldest">The oldest program that can work with what it leaves: one that knows so many scripts. Said in the script's first line, <c>-- contracts N</c>; 0 where any can.</param>
internal sealed record PostgresMigration(string Script, int Oldest)
{
    private const string Mark = "-- contracts ";

    public PostgresMigration(string script) : this(script, ReadOldest(script)) { }

    private static int ReadOldest(string script) =>
        script.StartsWith(Mark, StringComparison.Ordinal) ? int.Parse(script.AsSpan(Mark.Length, script.IndexOf('\n', StringComparison.Ordinal) - Mark.Length), CultureInfo.InvariantCulture) : 0;
}
