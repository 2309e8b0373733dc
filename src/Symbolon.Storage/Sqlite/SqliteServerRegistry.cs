using Symbolon.Authority.Ports;

namespace Symbolon.Storage;

/// <summary>The servers that use the file.</summary>
internal sealed class SqliteServerRegistry(SqliteDatabase database) : IServerRegistry
{
    private static readonly Sql Beat = new("INSERT INTO servers (name, beats) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET beats = beats + 1");
    private static readonly Sql Promise = new("UPDATE system SET longest_promise = ?1 WHERE longest_promise < ?1");
    private static readonly Sql Stop = new("UPDATE servers SET beats = 0 WHERE name = ?");
    private static readonly Sql Drop = new("DELETE FROM servers WHERE name = ? AND beats = ?");
    private static readonly Sql All = new("SELECT y.longest_promise, s.name, s.beats FROM system y LEFT JOIN servers s");

    public async ValueTask BeatAsync(string server, TimeSpan promise, CancellationToken ct) => await database.WriteAsync(
        db =>
        {
            db.Use(Beat).Add(server).Run();
            return db.Use(Promise).Add((long)Math.Ceiling(promise.TotalMilliseconds)).Run();
        },
        ct);

    public async ValueTask StopAsync(string server, CancellationToken ct) => await database.WriteAsync(db => db.Use(Stop).Add(server).Run(), ct);

    public async ValueTask DropAsync(ServerBeats server, CancellationToken ct) => await database.WriteAsync(db => db.Use(Drop).Add(server.Server).Add(server.Beats).Run(), ct);

    public ValueTask<ServerFacts> ReadAsync(CancellationToken ct) => new(database.Read(0, static (db, _) =>
    {
        var rows = db.Use(All).ToList(static row => (Promise: row.Int64(), Name: row.TextOrNull(), Beats: row.Int64OrNull()));
        return new ServerFacts([.. rows.Where(row => row.Name is not null).Select(row => new ServerBeats(row.Name!, row.Beats!.Value))], TimeSpan.FromMilliseconds(rows[0].Promise));
    }));
}
