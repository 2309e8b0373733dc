using System.Text.Json;
using Symbolon.Authority.Accounts;

namespace Symbolon.Storage;

/// <summary>How the server's own accounts stand in rows, on both engines.</summary>
internal static class UserRows
{
    /// <summary>The columns of table <c>users</c>, as <c>u</c>.</summary>
    public const string Columns = """
        u.id, u.user_name, u.normalized_user_name, u.email, u.normalized_email, u.email_confirmed, u.display_name, u.password_hash,
        u.security_stamp, u.roles, u.created_at, u.concurrency_stamp
        """;

    /// <summary>Roles as they are stored: a JSON array.</summary>
    public static string RolesOf(SymbolonUser user) => JsonSerializer.Serialize(user.Roles);

    /// <summary>Reads <see cref="Columns"/>.</summary>
    public static SymbolonUser Read(StoreRow row) => new()
    {
        Id = row.Text(),
        UserName = row.Text(),
        NormalizedUserName = row.Text(),
        Email = row.TextOrNull(),
        NormalizedEmail = row.TextOrNull(),
        EmailConfirmed = row.Boolean(),
        DisplayName = row.TextOrNull(),
        PasswordHash = row.TextOrNull(),
        SecurityStamp = row.TextOrNull(),
        Roles = row.Text() is { Length: > 2 } roles ? JsonSerializer.Deserialize<List<string>>(roles)! : [],
        CreatedAt = row.Instant(),
        ConcurrencyStamp = row.Text(),
    };
}
