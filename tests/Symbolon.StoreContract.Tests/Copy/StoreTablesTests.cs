using Npgsql;
using Symbolon.Storage;
using Symbolon.Storage.Copy;

namespace Symbolon.StoreContract.Copy;

/// <summary>The description by which stores are copied says what both schemas say. Whoever adds a column to one of the three adds it to the others.</summary>
public sealed class StoreTablesTests
{
    // What is one for the whole store stands differently, and is copied by hand (SqliteEnd, PostgresEnd).
    private static readonly string[] OfSqlite =
        ["system.id integer", "system.era integer", "system.ring_version integer", "system.longest_promise integer", "system.timeline text", "system.compacted integer"];

    private static readonly string[] OfPostgres =
    [
        "system.id smallint", "system.era integer", "system.ring_version integer", "system.longest_promise bigint",
        "revocation_head.id smallint", "revocation_head.seq bigint", "revocation_head.compacted bigint", "revocation_head.timeline text",
    ];

    [Fact]
    public async Task All_SaysWhatTheSchemaOfPostgresSays()
    {
        await using var connection = new NpgsqlConnection($"{await PostgresStores.CreateAsync()};Pooling=false");
        await connection.OpenAsync();
        var columns = await connection.Command("""
            SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, NULL) || CASE WHEN a.attnotnull THEN '' ELSE '?' END
            FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
            WHERE c.relnamespace = 'symbolon'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
            AND c.relname NOT IN ('schema', 'servers', 'receipt_question', 'test_clock')
            """).ListAsync(static row => row.Text());
        Assert.Equal(Described(kind => $"{kind}".ToLowerInvariant()).Concat(OfPostgres).Order(), columns.Order());
    }

    [Fact]
    public void All_SaysWhatTheSchemaOfSqliteSays()
    {
        using var stores = new SqliteStores();
        using var db = new StoreConnection(stores.File, create: false, TimeSpan.FromSeconds(5));
        var columns = db.Use(new Sql("""
            SELECT t.name || '.' || c.name || ' ' || lower(c.type) || iif(c."notnull" OR c.pk, '', char(63)) FROM sqlite_master t JOIN pragma_table_info(t.name) c
            WHERE t.type = 'table' AND t.name NOT IN ('sqlite_sequence', 'servers', 'receipt_question')
            """)).ToList(static row => row.Text());
        Assert.Equal(Described(InSqlite).Concat(OfSqlite).Order(), columns.Order());
    }

    private static IEnumerable<string> Described(Func<ColumnKind, string> name) =>
        from table in StoreTables.Plain from column in table.Columns select $"{table.Name}.{column.Name} {name(column.Kind)}{(column.IsOptional ? "?" : "")}";

    private static string InSqlite(ColumnKind kind) => kind switch
    {
        ColumnKind.Text => "text",
        ColumnKind.Bytea or ColumnKind.Uuid => "blob",
        _ => "integer",
    };
}
