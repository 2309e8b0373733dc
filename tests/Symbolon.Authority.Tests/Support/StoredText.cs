using Symbolon.Storage;

namespace Symbolon.Authority.Tests.Support;

/// <summary>Every value of every row of a server's database, as text.</summary>
internal static class StoredText
{
    private const string Columns = "SELECT m.name, p.name FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table'";

    public static IReadOnlyList<string> Of(TestServer server) => server.Get<SqliteDatabase>().Read(0, static (connection, _) =>
    {
        var columns = connection.Use(new Sql(Columns)).ToList(row => (Table: row.Text(), Column: row.Text()));
        return columns
            .SelectMany(of => connection.Use(new Sql($"SELECT CAST(\"{of.Column}\" AS TEXT) FROM \"{of.Table}\"")).ToList(row => row.TextOrNull() ?? ""))
            .ToList();
    });
}
