using System.Text.Json.Nodes;
using Symbolon.Sessions;

namespace Symbolon.Mock.Profiles;

/// <summary>Refresh tokens in clear, each with its successor, as an original keeps them in its database: the bug that the engine was built not to have.</summary>
internal sealed class RefreshLedger
{
    private readonly Lock gate = new();
    private readonly List<Entry> entries = [];

    /// <summary>Notes a token that was given out.</summary>
    public void Add(SubjectId subject, string token, DateTimeOffset now, TimeSpan life, string? address)
    {
        lock (gate) entries.Add(new Entry(subject, token, now, now + life, address));
    }

    /// <summary>Whether a token could still be used.</summary>
    public bool IsActive(string token, DateTimeOffset now)
    {
        lock (gate) return entries.Exists(entry => entry.Token == token && entry.Revoked is null && entry.Expires > now);
    }

    /// <summary>Notes that a token was given up, perhaps for another.</summary>
    public void Revoke(string token, DateTimeOffset now, string? address, string? replacedBy = null)
    {
        lock (gate)
        {
            if (entries.Find(entry => entry.Token == token) is { } entry) (entry.Revoked, entry.RevokedBy, entry.ReplacedBy) = (now, address, replacedBy);
        }
    }

    /// <summary>Whose token it is; null for nobody's.</summary>
    public SubjectId? OwnerOf(string token)
    {
        lock (gate) return entries.Find(entry => entry.Token == token)?.Subject;
    }

    /// <summary>The tokens of a subject, oldest first.</summary>
    public JsonArray Of(SubjectId subject, DateTimeOffset now)
    {
        lock (gate) return new JsonArray([.. entries.Where(entry => entry.Subject == subject).Select(JsonNode (entry) => entry.Show(now))]);
    }

    private sealed class Entry(SubjectId subject, string token, DateTimeOffset created, DateTimeOffset expires, string? createdBy)
    {
        public SubjectId Subject => subject;

        public string Token => token;

        public DateTimeOffset Expires => expires;

        public DateTimeOffset? Revoked { get; set; }

        public string? RevokedBy { get; set; }

        public string? ReplacedBy { get; set; }

        public JsonObject Show(DateTimeOffset now)
        {
            var shown = Describe(created, expires, createdBy, Revoked, now);
            shown.Insert(0, "token", token);
            if (RevokedBy is not null) shown["revokedByIp"] = RevokedBy;
            if (ReplacedBy is not null) shown["replacedByToken"] = ReplacedBy;
            return shown;
        }
    }

    /// <summary>A refresh token without itself.</summary>
    public static JsonObject Describe(DateTimeOffset created, DateTimeOffset expires, string? address, DateTimeOffset? revoked, DateTimeOffset now)
    {
        var shown = new JsonObject { ["expires"] = Instant(expires), ["created"] = Instant(created), ["createdByIp"] = address, ["isExpired"] = now >= expires, ["isActive"] = revoked is null && now < expires };
        if (revoked is { } at) shown["revoked"] = Instant(at);
        return shown;
    }

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
