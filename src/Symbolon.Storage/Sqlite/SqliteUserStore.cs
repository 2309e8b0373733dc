using Microsoft.AspNetCore.Identity;
using Symbolon.Authority.Accounts;

namespace Symbolon.Storage;

/// <summary>The server's own accounts on SQLite.</summary>
internal sealed class SqliteUserStore(SqliteDatabase database) : SymbolonUserStore
{
    private const string Select = $"SELECT {UserRows.Columns} FROM users u";

    private static readonly Sql ById = new($"{Select} WHERE u.id = ?");
    private static readonly Sql ByName = new($"{Select} WHERE u.normalized_user_name = ?");
    private static readonly Sql ByEmail = new($"{Select} WHERE u.normalized_email = ? ORDER BY u.created_at, u.id LIMIT 1");
    private static readonly Sql InRole = new($"{Select} WHERE EXISTS (SELECT 1 FROM json_each(u.roles) r WHERE r.value = ?) ORDER BY u.id");
    private static readonly Sql NameIsTaken = new("SELECT 1 FROM users WHERE normalized_user_name = ? AND id <> ?");
    private static readonly Sql Delete = new("DELETE FROM users WHERE id = ? AND concurrency_stamp = ?");

    private static readonly Sql Insert = new("""
        INSERT INTO users (user_name, normalized_user_name, email, normalized_email, email_confirmed, display_name, password_hash,
        security_stamp, roles, created_at, concurrency_stamp, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """);

    private static readonly Sql Update = new("""
        UPDATE users SET user_name = ?, normalized_user_name = ?, email = ?, normalized_email = ?, email_confirmed = ?, display_name = ?,
        password_hash = ?, security_stamp = ?, roles = ?, created_at = ?, concurrency_stamp = ? WHERE id = ? AND concurrency_stamp = ?
        """);

    public override Task<SymbolonUser?> FindByIdAsync(string userId, CancellationToken cancellationToken) => Find(ById, userId);

    public override Task<SymbolonUser?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => Find(ByName, normalizedUserName);

    public override Task<SymbolonUser?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken) => Find(ByEmail, normalizedEmail);

    public override Task<IList<SymbolonUser>> GetUsersInRoleAsync(string roleName, CancellationToken cancellationToken) =>
        Task.FromResult<IList<SymbolonUser>>(database.Read(SymbolonUser.RoleOf(roleName), static (db, role) => db.Use(InRole).Add(role).ToList(UserRows.Read)));

    protected override async Task<Commit> InsertAsync(SymbolonUser user, CancellationToken ct) => await database.WriteAsync(
        db =>
        {
            if (IsTaken(db, user)) return Commit.NameTaken;
            Fields(db.Use(Insert), user, user.ConcurrencyStamp).Add(user.Id).Run();
            return Commit.Done;
        },
        ct);

    protected override async Task<Commit> UpdateAsync(SymbolonUser user, string stamp, CancellationToken ct) => await database.WriteAsync(
        db => IsTaken(db, user) ? Commit.NameTaken
            : Fields(db.Use(Update), user, stamp).Add(user.Id).Add(user.ConcurrencyStamp).Run() == 1 ? Commit.Done
            : Commit.Changed,
        ct);

    protected override async Task<Commit> RemoveAsync(SymbolonUser user, CancellationToken ct) => await database.WriteAsync(
        db => db.Use(Delete).Add(user.Id).Add(user.ConcurrencyStamp).Run() == 1 ? Commit.Done : Commit.Changed,
        ct);

    private static bool IsTaken(StoreConnection db, SymbolonUser user)
    {
        using var row = db.Use(NameIsTaken).Add(user.NormalizedUserName).Add(user.Id);
        return row.Step();
    }

    private static SqliteStatement Fields(SqliteStatement statement, SymbolonUser user, string stamp) => statement
        .Add(user.UserName).Add(user.NormalizedUserName).Add(user.Email).Add(user.NormalizedEmail).Add(user.EmailConfirmed).Add(user.DisplayName)
        .Add(user.PasswordHash).Add(user.SecurityStamp).Add(UserRows.RolesOf(user)).Add(user.CreatedAt).Add(stamp);

    private Task<SymbolonUser?> Find(Sql sql, string key) => Task.FromResult(database.Read((sql, key), static (db, asked) =>
    {
        using var row = db.Use(asked.sql).Add(asked.key);
        return row.Step() ? UserRows.Read(row) : null;
    }));
}
