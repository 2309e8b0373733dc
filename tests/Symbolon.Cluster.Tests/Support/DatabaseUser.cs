using Npgsql;

namespace Symbolon.Cluster.Support;

/// <summary>A user of one database who may connect to it, and nothing else until it is granted.</summary>
internal sealed class DatabaseUser : IAsyncDisposable
{
    private const string Password = "of-a-user-of-one-test";
    private readonly PostgresServer postgres;
    private readonly string database;

    private DatabaseUser(PostgresServer postgres, string database) => (this.postgres, this.database) = (postgres, database);

    /// <summary>Its name, in the whole server.</summary>
    public string Name { get; } = $"user_{Guid.NewGuid():N}";

    /// <summary>Makes one.</summary>
    public static async Task<DatabaseUser> CreateAsync(PostgresServer postgres, string connectionString)
    {
        var user = new DatabaseUser(postgres, new NpgsqlConnectionStringBuilder(connectionString).Database!);
        await postgres.ExecuteAsync($"CREATE ROLE {user.Name} LOGIN PASSWORD '{Password}'");
        return user;
    }

    /// <summary>Gives it what <c>GRANT … TO</c> says.</summary>
    public async Task GrantAsync(params IEnumerable<string> grants)
    {
        foreach (var grant in grants) await postgres.ExecuteAsync($"GRANT {grant} TO {Name}", database);
    }

    /// <summary>Has a connection string be its own.</summary>
    public void LogIn(NpgsqlConnectionStringBuilder settings) => (settings.Username, settings.Password) = (Name, Password);

    /// <summary>The database's connection string, as this user's.</summary>
    public string ConnectionString()
    {
        var settings = new NpgsqlConnectionStringBuilder(postgres.ConnectionString(database));
        LogIn(settings);
        return settings.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        await postgres.ExecuteAsync($"DROP OWNED BY {Name}", database);
        await postgres.ExecuteAsync($"DROP ROLE {Name}");
    }
}
