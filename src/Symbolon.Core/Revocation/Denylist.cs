using System.Collections.Immutable;
using Symbolon.Access;
using Symbolon.Sessions;

namespace Symbolon.Revocation;

/// <summary>What a verifier holds to be revoked: the fold of the revocation log. Immutable, replaced whole; exact in both directions.</summary>
/// <remarks>It only grows, but for entries whose time has passed: no feed, snapshot or restart can make a revoked token count again. DESIGN §5 and §6.</remarks>
public sealed class Denylist
{
    private readonly ImmutableDictionary<(RevocationKind Kind, string Key), RevocationEntry> _entries;

    private Denylist(ImmutableDictionary<(RevocationKind Kind, string Key), RevocationEntry> entries) => _entries = entries;

    /// <summary>Nothing is revoked.</summary>
    public static Denylist Empty { get; } = new(ImmutableDictionary<(RevocationKind Kind, string Key), RevocationEntry>.Empty);

    /// <summary>How many entries are held; the era counts as one.</summary>
    public int Count => _entries.Count;

    /// <summary>The removed signing keys.</summary>
    public IEnumerable<string> RemovedKeys => _entries.Keys.Where(entry => entry.Kind == RevocationKind.Key).Select(entry => entry.Key);

    /// <summary>This list and more entries. Of two about the same thing the higher number counts, and the later end.</summary>
    public Denylist With(IEnumerable<RevocationEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var builder = _entries.ToBuilder();
        foreach (var entry in entries)
        {
            var key = (entry.Kind, entry.Key);
            builder[key] = builder.TryGetValue(key, out var held) ? Merged(held, entry) : entry;
        }

        return new Denylist(builder.ToImmutable());
    }

    /// <summary>This list without the entries whose <c>until</c> has passed: every token they concern has expired.</summary>
    /// <param name="now">The earlier of the verifier's and the authority's clock: one that was set ahead must not drop anything.</param>
    public Denylist WithoutPassed(DateTimeOffset now)
    {
        var passed = _entries.Where(entry => entry.Value.Until <= now).Select(entry => entry.Key).ToList();
        return passed.Count == 0 ? this : new Denylist(_entries.RemoveRange(passed));
    }

    /// <summary>Whether a token is revoked, and why; null when it is not.</summary>
    public RevocationMatch? Find(AuthenticToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (_entries.IsEmpty)
            return null;
        var claims = token.Claims;
        return Entry(RevocationKind.Token, token.Id) is { } id ? Hard(id)
            : Entry(RevocationKind.Session, token.Session) is { } session ? Hard(session)
            : Entry(RevocationKind.Subject, token.Subject) is { } subject && (claims.Epoch ?? 0) < subject.Number ? Hard(subject)
            : Entry(RevocationKind.Era, new RevocationKey("")) is { } era && (claims.Era ?? 0) < era.Number ? Hard(era)
            : Entry(RevocationKind.Key, new RevocationKey(token.Kid)) is { } key ? Hard(key)
            : Entry(RevocationKind.Claims, token.Subject) is { } soft && (claims.ClaimsVersion ?? 0) < soft.Number ? new RevocationMatch(AccessTokenFailure.ClaimsStale, null)
            : null;
    }

    private RevocationEntry? Entry(RevocationKind kind, RevocationKey key) => key.Text is null ? null : _entries.GetValueOrDefault((kind, key.Text));

    private static RevocationEntry Merged(RevocationEntry held, RevocationEntry entry)
    {
        var newer = entry.Number >= held.Number ? entry : held;
        return newer with { Until = held.Until > entry.Until ? held.Until : entry.Until };
    }

    private static RevocationMatch Hard(RevocationEntry entry) =>
        new(AccessTokenFailure.Revoked, entry.Reason is { } code && EndReasons.TryParse(code, out var reason) ? reason : null);
}

/// <summary>Why a token is revoked.</summary>
/// <param name="Failure"><see cref="AccessTokenFailure.Revoked"/>, or <see cref="AccessTokenFailure.ClaimsStale"/> when a refresh helps.</param>
/// <param name="Reason">Why its session ended, where that is known.</param>
public readonly record struct RevocationMatch(AccessTokenFailure Failure, EndReason? Reason);
