using Npgsql;
using Symbolon.Authority.Accounts;

namespace Symbolon.Storage;

/// <summary>The server's own accounts on PostgreSQL.</summary>
internal sealed class PostgresUserStore(PostgresDatabase database) : SymbolonUserStore
{
    private const string Select = $"SELECT {UserRows.Columns} FROM symbolon.users u";
    private const string ByName = $"{Select} WHERE u.normalized_user_name = $1";
    private const string ByEmail = $"{Select} WHERE u.normalized_email = $1 ORDER BY u.created_at, u.id LIMIT 1";
    private const string InRole = $"{Select} WHERE u.roles::jsonb ? $1 ORDER BY u.id";
    private const string NameIsTaken = "SELECT 1 FROM symbolon.users WHERE normalized_user_name = $1 AND id <> $2";
    private const string Delete = "DELETE FROM symbolon.users WHERE id = $1 AND concurrency_stamp = $2";

    private const string Insert = """
        INSERT INTO symbolon.users (user_name, normalized_user_name, email, normalized_email, email_confirmed, display_name, password_hash,
        security_stamp, roles, created_at, concurrency_stamp, id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        """;

    private const string Update = """
        UPDATE symbolon.users SET user_name = $1, normalized_user_name = $2, email = $3, normalized_email = $4, email_confirmed = $5, display_name = $6,
        password_hash = $7, security_stamp = $8, roles = $9, created_at = $10, concurrency_stamp = $11 WHERE id = $12 AND concurrency_stamp = $13
        """;

    private readonly PostgresUserFinds finds = new(database);

    public override Task<SymbolonUser?> FindByIdAsync(string userId, CancellationToken cancellationToken) => finds.RunAsync(userId, cancellationToken);

    public override Task<SymbolonUser?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => FindAsync(ByName, normalizedUserName, cancellationToken);

    public override Task<SymbolonUser?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken) => FindAsync(ByEmail, normalizedEmail, cancellationToken);

    public override async Task<IList<SymbolonUser>> GetUsersInRoleAsync(string roleName, CancellationToken cancellationToken) =>
        await database.ReadAsync(connection => connection.Command(InRole).Add(SymbolonUser.RoleOf(roleName)).ListAsync(UserRows.Read), cancellationToken);

    protected override async Task<Commit> InsertAsync(SymbolonUser user, CancellationToken ct) => await WriteAsync(
        user,
        async connection =>
        {
            await Fields(connection.Command(Insert), user, user.ConcurrencyStamp).Add(user.Id).RunAsync();
            return Commit.Done;
        },
        ct);

    protected override async Task<Commit> UpdateAsync(SymbolonUser user, string stamp, CancellationToken ct) => await WriteAsync(
        user,
        async connection => await Fields(connection.Command(Update), user, stamp).Add(user.Id).Add(user.ConcurrencyStamp).RunAsync() == 1 ? Commit.Done : Commit.Changed,
        ct);

    protected override async Task<Commit> RemoveAsync(SymbolonUser user, CancellationToken ct) => await database.WriteAsync(
        async connection => await connection.Command(Delete).Add(user.Id).Add(user.ConcurrencyStamp).RunAsync() == 1 ? Commit.Done : Commit.Changed,
        ct);

    // The unique index decides between two who take a name at once; asking first says which of the reasons it is.
    private async Task<Commit> WriteAsync(SymbolonUser user, Func<NpgsqlConnection, Task<Commit>> write, CancellationToken ct)
    {
        try
        {
            return await database.WriteAsync(
                async connection => await connection.Command(NameIsTaken).Add(user.NormalizedUserName).Add(user.Id).AnyAsync() ? Commit.NameTaken : await write(connection), ct);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return Commit.NameTaken;
        }
    }

    private static NpgsqlCommand Fields(NpgsqlCommand command, SymbolonUser user, string stamp) => command
        .Add(user.UserName).Add(user.NormalizedUserName).Add(user.Email).Add(user.NormalizedEmail).Add(user.EmailConfirmed).Add(user.DisplayName)
        .Add(user.PasswordHash).Add(user.SecurityStamp).Add(UserRows.RolesOf(user)).Add(user.CreatedAt).Add(stamp);

    private async Task<SymbolonUser?> FindAsync(string sql, string key, CancellationToken ct) =>
        (await database.ReadAsync(connection => connection.Command(sql).Add(key).ListAsync(UserRows.Read), ct)).FirstOrDefault();
}
