using Symbolon.Access;
using Symbolon.Sessions;

namespace Symbolon.Revocation;

/// <summary>What a denylist means, without any thought of speed: one dictionary, read in the order of DESIGN §5.</summary>
internal sealed class NaiveDenylist
{
    private readonly Dictionary<(RevocationKind Kind, string Key), RevocationEntry> entries = [];

    public int Count => entries.Count;

    public void Take(IEnumerable<RevocationEntry> more)
    {
        foreach (var entry in more.Where(entry => entry.Key.Length > 0 || entry.Kind == RevocationKind.Era))
        {
            var key = (entry.Kind, entry.Key);
            if (!entries.TryGetValue(key, out var held)) held = entry;
            var newer = entry.Number >= held.Number ? entry : held;
            entries[key] = newer with { Until = held.Until > entry.Until ? held.Until : entry.Until };
        }
    }

    public void DropPassed(DateTimeOffset now)
    {
        foreach (var (key, _) in entries.Where(entry => WholeMinute(entry.Value.Until) <= now).ToList()) entries.Remove(key);
    }

    public RevocationMatch? Find(AuthenticToken token)
    {
        var claims = token.Claims;
        return Held(RevocationKind.Token, claims.Id) is { } id ? Hard(id)
            : Held(RevocationKind.Session, claims.SessionId) is { } session ? Hard(session)
            : Held(RevocationKind.Subject, claims.Subject) is { } subject && (claims.Epoch ?? 0) < subject.Number ? Hard(subject)
            : Held(RevocationKind.Era, "") is { } era && (claims.Era ?? 0) < era.Number ? Hard(era)
            : Held(RevocationKind.Key, token.Kid) is { } key ? Hard(key)
            : Held(RevocationKind.Claims, claims.Subject) is { } soft && (claims.ClaimsVersion ?? 0) < soft.Number ? new RevocationMatch(AccessTokenFailure.ClaimsStale, null)
            : null;
    }

    private static DateTimeOffset WholeMinute(DateTimeOffset instant) =>
        new((instant.UtcTicks + TimeSpan.TicksPerMinute - 1) / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute, TimeSpan.Zero);

    private static RevocationMatch Hard(RevocationEntry entry) =>
        new(AccessTokenFailure.Revoked, entry.Reason is { } code && EndReasons.TryParse(code, out var reason) ? reason : null);

    private RevocationEntry? Held(RevocationKind kind, string? key) => key is null ? null : entries.GetValueOrDefault((kind, key));
}
