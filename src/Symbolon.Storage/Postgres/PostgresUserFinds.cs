using Npgsql;
using Symbolon.Authority.Accounts;

namespace Symbolon.Storage;

/// <summary>Finds accounts by id, many in one statement: each refresh reads its account afresh.</summary>
internal sealed class PostgresUserFinds(PostgresDatabase database) : PostgresBatches<string, SymbolonUser?>(database, "accounts", parallel: 2)
{
    private const string Find = $"SELECT {UserRows.Columns} FROM symbolon.users u WHERE u.id = ANY ($1)";

    protected override async Task<SymbolonUser?[]> ExecuteAsync(NpgsqlConnection connection, IReadOnlyList<string> items)
    {
        var users = (await connection.Command(Find).Add(items).ListAsync(UserRows.Read)).ToDictionary(user => user.Id, StringComparer.Ordinal);
        return [.. items.Select(id => users.GetValueOrDefault(id)?.Copy())]; // callers change what they are given
    }
}
