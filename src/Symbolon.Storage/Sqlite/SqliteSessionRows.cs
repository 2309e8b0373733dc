using Symbolon.Sessions;

namespace Symbolon.Storage;

/// <summary>Writing sessions on SQLite, and what counts as live.</summary>
internal static class SqliteSessionRows
{
    /// <summary>Whether a session counts as live at the instant <c>?1</c>: not ended, not expired, not below its epoch or the era.</summary>
    public const string IsLive = """
        s.ended_at IS NULL AND s.expires_at > ?1 AND s.ends_at > ?1 AND s.era >= (SELECT era FROM system)
        AND EXISTS (SELECT 1 FROM subjects b WHERE b.sub = s.subject AND s.epoch >= b.epoch)
        """;

    private static readonly Sql InsertSession = new("""
        INSERT INTO sessions (sid, subject, client_id, device_id, device_name, device_type, created_at, auth_time, acr, amr, scope, ip,
        user_agent, transport, remember, generation, branch, salt, confirmed_at, attempts, superseded, retries, last_seen_at,
        expires_at, ends_at, era, epoch, stamp, cnf, ended_at, end_reason, ended_by)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """);

    public static void Insert(StoreConnection db, Session row) => db.Use(InsertSession)
        .Add(row.Id).Add(row.Subject).Add(row.ClientId)
        .Add(row.Device.Id).Add(row.Device.Name).Add(row.Device.Type)
        .Add(row.CreatedAt).Add(row.AuthTime).Add(row.Acr).Add(row.Amr).Add(row.Scope)
        .Add(row.IpAddress).Add(row.UserAgent).Add((long)row.Transport).Add(row.Remember)
        .Add(row.Generation).Add(row.Branch).Add(row.Salt).Add(row.ConfirmedAt).Add(row.Attempts.ToBytes()).Add(row.Superseded.ToBytes()).Add(row.Retries)
        .Add(row.LastSeenAt).Add(row.ExpiresAt).Add(row.EndsAt).Add(row.Era).Add(row.Epoch).Add(row.Stamp).Add(row.ConfirmationThumbprint)
        .Add(row.Ending?.At).Add(row.Ending?.Reason.Code()).Add(row.Ending?.By)
        .Run();
}
