using Microsoft.Data.Sqlite;
using Npgsql;

namespace Symbolon.Storage.Copy;

/// <summary>Which store an end of a copy is: <c>sqlite:</c> or <c>postgresql:</c>, and what would stand in <c>ConnectionStrings:Symbolon</c>.</summary>
internal sealed class StoreAddress
{
    private readonly string option, connectionString;
    private readonly bool isPostgres;

    private StoreAddress(string option, bool isPostgres, string connectionString) => (this.option, this.isPostgres, this.connectionString) = (option, isPostgres, connectionString);

    /// <summary>Reads what was given to an option of the command.</summary>
    /// <exception cref="StorageStartException">It says something else. The message does not repeat it: it may hold a password.</exception>
    public static StoreAddress Parse(string option, string text) => text.Split(':', 2) switch
    {
        ["sqlite", var rest] => new StoreAddress(option, isPostgres: false, rest),
        ["postgresql", var rest] => new StoreAddress(option, isPostgres: true, rest),
        _ => throw new StorageStartException($"{option} must say which store it is: 'sqlite:Data Source=symbolon.db' or 'postgresql:Host=db;Database=symbolon;Username=symbolon'."),
    };

    /// <summary>Opens it to be read.</summary>
    /// <exception cref="StorageStartException">It cannot be.</exception>
    public Task<StoreEnd> OpenSourceAsync(CancellationToken ct) => NamedAsync(async () =>
        isPostgres ? await PostgresEnd.OpenSourceAsync(connectionString, ct) : SqliteEnd.OpenSource(SqliteOptions.DataSourceOf(connectionString)));

    /// <summary>Opens it to be written.</summary>
    /// <exception cref="StorageStartException">It cannot be.</exception>
    public Task<StoreEnd> OpenTargetAsync(CancellationToken ct) => NamedAsync(async () =>
        isPostgres ? await PostgresEnd.OpenTargetAsync(connectionString, ct) : SqliteEnd.OpenTarget(SqliteOptions.DataSourceOf(connectionString)));

    // What a server would say of its setting is said of the option.
    private async Task<StoreEnd> NamedAsync(Func<Task<StoreEnd>> open)
    {
        try
        {
            return await open();
        }
        catch (StorageStartException e)
        {
            throw new StorageStartException($"{option}: {e.Message.Replace("ConnectionStrings:Symbolon", option, StringComparison.Ordinal)}", e);
        }
        catch (NpgsqlException e)
        {
            throw new StorageStartException($"{option}: {PostgresStartErrors.Explain(e).Replace("ConnectionStrings:Symbolon", option, StringComparison.Ordinal)}", e);
        }
        catch (SqliteException e)
        {
            throw new StorageStartException($"{option}: the file cannot be used: {e.Message}", e);
        }
    }
}
