using Symbolon.Sessions;

namespace Symbolon.Storage;

/// <summary>How sessions and subjects stand in rows, on both engines. Columns are written and read in one order.</summary>
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

    /// <summary>Reads <see cref="Columns"/>.</summary>
    public static Session Read(StoreRow row) => new()
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
    public static Subject? ReadSubject(StoreRow row)
    {
        if (row.TextOrNull() is { } sub)
            return new Subject(new SubjectId(sub), row.Int32(), ReadReason(row.TextOrNull()), row.Int32(), row.InstantOrNull(), row.InstantOrNull());
        row.Skip(5);
        return null;
    }

    private static SessionEnding? ReadEnding(StoreRow row)
    {
        var (at, reason, by) = (row.InstantOrNull(), row.TextOrNull(), row.TextOrNull());
        return at is { } instant ? new SessionEnding(instant, ReadReason(reason)!.Value, by) : null;
    }

    // A newer version that works beside this one may know more reasons; that it has ended is what counts.
    private static EndReason? ReadReason(string? code) => code is null ? null : EndReasons.TryParse(code, out var reason) ? reason : EndReason.EndedByAdmin;
}
