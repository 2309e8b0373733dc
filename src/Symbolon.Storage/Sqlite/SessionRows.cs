using Symbolon.Sessions;

namespace Symbolon.Storage;

/// <summary>How sessions and subjects stand in rows. Columns are written and read in one order.</summary>
internal static class SessionRows
{
    /// <summary>The columns of table <c>sessions</c>, as <c>s</c>.</summary>
    public const string Columns = """
        s.sid, s.subject, s.client_id, s.device_id, s.device_name, s.device_type, s.created_at, s.auth_time, s.acr, s.amr, s.scope, s.ip,
        s.user_agent, s.transport, s.remember, s.generation, s.branch, s.salt, s.confirmed_at, s.attempts, s.superseded, s.retries, s.last_seen_at,
        s.expires_at, s.ends_at, s.era, s.epoch, s.stamp, s.cnf, s.ended_at, s.end_reason, s.ended_by
        """;

    /// <summary>The columns of table <c>subjects</c>, as <c>b</c>.</summary>
    public const string SubjectColumns = "b.sub, b.epoch, b.epoch_reason, b.claims_version, b.disabled_at, b.deleted_at";

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

    /// <summary>Reads <see cref="Columns"/>.</summary>
    public static Session Read(SqliteStatement row) => new()
    {
        Id = row.Sid(),
        Subject = new SubjectId(row.Text()),
        ClientId = row.Text(),
        Device = new Device(row.Text(), row.TextOrNull(), row.TextOrNull()),
        CreatedAt = row.Instant(),
        AuthTime = row.Instant(),
        Acr = row.TextOrNull(),
        Amr = row.Text(),
        Scope = row.Text(),
        IpAddress = row.TextOrNull(),
        UserAgent = row.TextOrNull(),
        Transport = (SessionTransport)row.Int32(),
        Remember = row.Boolean(),
        Generation = row.Int32(),
        Branch = row.Int64(),
        Salt = row.Digest(),
        ConfirmedAt = row.Instant(),
        Attempts = AttemptHashes.Read(row.Blob()),
        Superseded = SupersededTokens.Read(row.Blob()),
        Retries = row.Int32(),
        LastSeenAt = row.Instant(),
        ExpiresAt = row.Instant(),
        EndsAt = row.Instant(),
        Era = row.Int32(),
        Epoch = row.Int32(),
        Stamp = row.Digest(),
        ConfirmationThumbprint = row.TextOrNull(),
        Ending = ReadEnding(row),
    };

    /// <summary>Reads <see cref="SubjectColumns"/>; null when an outer join found none.</summary>
    public static Subject? ReadSubject(SqliteStatement row)
    {
        if (row.TextOrNull() is { } sub)
            return new Subject(new SubjectId(sub), row.Int32(), ReadReason(row.TextOrNull()), row.Int32(), row.InstantOrNull(), row.InstantOrNull());
        row.Skip(5);
        return null;
    }

    private static SessionEnding? ReadEnding(SqliteStatement row)
    {
        var (at, reason, by) = (row.InstantOrNull(), row.TextOrNull(), row.TextOrNull());
        return at is { } instant ? new SessionEnding(instant, EndReasons.Parse(reason!), by) : null;
    }

    private static EndReason? ReadReason(string? code) => code is null ? null : EndReasons.Parse(code);
}
