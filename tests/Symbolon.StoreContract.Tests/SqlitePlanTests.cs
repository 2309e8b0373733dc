using System.Reflection;
using Microsoft.Data.Sqlite;
using Symbolon.Storage;

namespace Symbolon.StoreContract;

/// <summary>No statement sorts or reads a whole table to answer a page of it.</summary>
public sealed class SqlitePlanTests : IDisposable
{
    // One account's rows, found by an index: few, whatever the table holds. The copy reads everything once, and the days in it are few.
    private static readonly string[] SortsFew = ["SqliteSessionLists.AllOfSubject", "SqliteUserStore.ByEmail", "SqliteEnd.EventDays"];
    private readonly SqliteStores stores = new();

    public static TheoryData<string> Statements => [.. All().Select(pair => pair.Name).Except(SortsFew)];

    public void Dispose() => stores.Dispose();

    /// <summary>Guards against a bug: housekeeping's page of sessions sorted a million rows each second.</summary>
    [Theory]
    [MemberData(nameof(Statements))]
    public void Statement_NeedsNoSorting(string name)
    {
        var plan = PlanOf(All().Single(pair => pair.Name == name).Statement);
        Assert.DoesNotContain(plan, step => step.Contains("TEMP B-TREE", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("SqliteSessionStore.Find")]
    [InlineData("SqliteSessionStore.Rotate")]
    [InlineData("SqliteSessionStore.LiveIds")]
    [InlineData("SqliteSubjectStore.Find")]
    [InlineData("SqliteUserStore.ById")]
    public void HotStatement_ScansNoTable(string name)
    {
        var plan = PlanOf(All().Single(pair => pair.Name == name).Statement);
        Assert.NotEmpty(plan);
        Assert.DoesNotContain(plan, step => step.StartsWith("SCAN", StringComparison.Ordinal) && step is not ("SCAN y" or "SCAN system"));
    }

    private List<string> PlanOf(Sql statement)
    {
        using var connection = new SqliteConnection($"Data Source={stores.File};Pooling=False");
        connection.Open();
        using var explain = connection.CreateCommand();
        explain.CommandText = $"EXPLAIN QUERY PLAN {statement.Text}";
        for (var i = 1; i <= 40; i++) explain.Parameters.AddWithValue($"?{i}", DBNull.Value);
        using var rows = explain.ExecuteReader();
        var plan = new List<string>();
        while (rows.Read()) plan.Add(rows.GetString(3));
        return plan;
    }

    private static IEnumerable<(string Name, Sql Statement)> All() =>
        from type in typeof(SqliteDatabase).Assembly.GetTypes()
        from field in type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)
        where field.FieldType == typeof(Sql)
        let statement = (Sql)field.GetValue(null)!
        where !statement.Text.StartsWith("BEGIN", StringComparison.Ordinal) && !statement.Text.StartsWith("COMMIT", StringComparison.Ordinal)
            && !statement.Text.StartsWith("ROLLBACK", StringComparison.Ordinal) && !statement.Text.StartsWith("PRAGMA", StringComparison.Ordinal)
        select ($"{type.Name}.{field.Name}", statement);
}
