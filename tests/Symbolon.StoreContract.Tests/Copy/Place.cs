using Microsoft.Data.Sqlite;
using Npgsql;
using Symbolon.Storage;
using Symbolon.Storage.Copy;

namespace Symbolon.StoreContract.Copy;

/// <summary>A store of a test's own, of either engine, as the command names it.</summary>
internal sealed class Place : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("symbolon-copy-");

    private Place(string? postgres) => (Postgres, File) = (postgres, Path.Combine(folder.FullName, "symbolon.db"));

    /// <summary>The connection string; null on SQLite.</summary>
    public string? Postgres { get; }

    public string File { get; }

    public string Address => Postgres is null ? $"sqlite:Data Source={File}" : $"postgresql:{Postgres}";

    public StoreAddress From => StoreAddress.Parse("--from", Address);

    public StoreAddress To => StoreAddress.Parse("--to", Address);

    // The databases of tests are copies of one: each gets a timeline of its own, as a server would have given it.
    public static async Task<Place> NewAsync(string engine)
    {
        var place = new Place(engine == "postgresql" ? await PostgresStores.CreateAsync() : null);
        if (place.Postgres is not null) place.Script("", "UPDATE symbolon.revocation_head SET timeline = replace(gen_random_uuid()::text, '-', '')");
        return place;
    }

    /// <summary>A store with odd values in every column of every table.</summary>
    public static async Task<Place> FilledAsync(string engine, int rows = 20)
    {
        var place = await NewAsync(engine);
        await using var end = await place.To.OpenTargetAsync(default);
        await end.BeginWritingAsync(default);
        foreach (var table in StoreTables.All) await end.WriteAsync(table, OddRows.Of(table, rows).ToAsyncEnumerable(), default);
        await end.CommitAsync(default);
        return place;
    }

    /// <summary>All that it holds, table by table, readable; without the timeline.</summary>
    public async Task<Dictionary<string, List<string>>> ContentsAsync()
    {
        await using var end = await From.OpenSourceAsync(default);
        var contents = new Dictionary<string, List<string>>();
        foreach (var table in StoreTables.All)
            contents[table.Name] = await end.ReadAsync(table, default).Select(row => string.Join(" | ", row.Select(Show))).ToListAsync();
        return contents;
    }

    public async Task<string> TimelineAsync()
    {
        await using var end = await From.OpenSourceAsync(default);
        return await end.TimelineAsync(default);
    }

    /// <summary>Runs statements, as somebody else would.</summary>
    public void Script(string sqlite, string postgres)
    {
        if (Postgres is null)
        {
            using var db = new StoreConnection(File, create: false, TimeSpan.FromSeconds(5));
            db.Execute(sqlite);
            return;
        }

        using var connection = new NpgsqlConnection($"{Postgres};Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(postgres, connection);
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        folder.Delete(recursive: true);
        if (Postgres is not null) PostgresServer.SharedAsync().GetAwaiter().GetResult().DropDatabaseAsync(Postgres).GetAwaiter().GetResult();
    }

    private static string Show(object? value) => value switch
    {
        null => "null",
        byte[] bytes => Convert.ToHexString(bytes),
        string text => System.Text.Json.JsonSerializer.Serialize(text),
        _ => $"{value}",
    };
}
