using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Symbolon.Access;
using Symbolon.Sessions;

namespace Symbolon.Revocation;

/// <summary>What a verifier holds to be revoked: the fold of the revocation log. Immutable, replaced whole; exact in both directions.</summary>
/// <remarks>
/// It only grows, but for entries whose time has passed: no feed, snapshot or restart can make a revoked token count again. DESIGN §5 and §6.
/// Three levels, each a table that is never changed: new entries make a new small one, which is poured into the middle one when it is full, and that into the large one; what an upper level says
/// of a key is all that is known of it. So one more entry costs a few kilobytes even beside a million.
/// A token that the large and the middle one do not concern keeps the number of the pair, and is not looked up in these two again: what is left is a look into the small one's filter.
/// </remarks>
public sealed class Denylist
{
    private const int MostSmall = 128, MostMiddle = 8192;
    private readonly DenylistTable _small, _middle, _large;
    private static long pairs;
    private readonly DenylistNames _names;
    private readonly long _pair; // the number of these two, the middle and the large table, in this process; 0 when both are empty

    private Denylist(DenylistTable small, DenylistTable middle, DenylistTable large, long pair, DenylistNames names, int count) =>
        (_small, _middle, _large, _pair, _names, Count) = (small, middle, large, pair, names, count);

    /// <summary>Nothing is revoked.</summary>
    public static Denylist Empty { get; } = new(DenylistTable.Empty, DenylistTable.Empty, DenylistTable.Empty, 0, DenylistNames.None, 0);

    /// <summary>How many entries are held; the era counts as one.</summary>
    public int Count { get; }

    /// <summary>The removed signing keys.</summary>
    public IEnumerable<string> RemovedKeys => _names.Kids.Keys;

    /// <summary>This list and more entries. Of two about the same thing the higher number counts, and the later end.</summary>
    public Denylist With(IEnumerable<RevocationEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var names = _names;
        var slots = new Dictionary<(RevocationKind Kind, RevocationKey Key), DenylistValue>();
        var added = 0;
        foreach (var entry in entries)
        {
            var (key, value) = (RevocationKey.Of(entry.Key), DenylistValue.Of(entry));
            if (key.Shape is RevocationKey.None && entry.Kind is not RevocationKind.Era)
                continue; // the id of nothing
            if (DenylistNames.AreFor(entry.Kind, key))
            {
                names = names.With(entry.Kind, entry.Key, value);
                continue;
            }

            var held = slots.TryGetValue((entry.Kind, key), out var fresh) ? fresh : FindSlot(entry.Kind, key);
            var merged = held?.With(value) ?? value;
            if (merged == held)
                continue;
            slots[(entry.Kind, key)] = merged;
            added += held is null ? 1 : 0;
        }

        return slots.Count == 0 && ReferenceEquals(names, _names) ? this
            : With([.. slots.Select(slot => new DenylistSlot(slot.Key.Kind, slot.Key.Key, slot.Value))], names, Count - _names.Count + names.Count + added);
    }

    /// <summary>This list without the entries whose <c>until</c>, rounded up to a whole minute, has passed: every token they concern has expired.</summary>
    /// <param name="now">The earlier of the verifier's and the authority's clock: one that was set ahead must not drop anything.</param>
    public Denylist WithoutPassed(DateTimeOffset now)
    {
        var minute = DenylistValue.Minute(now);
        var first = Math.Min(Math.Min(_small.FirstUntilMinute, _middle.FirstUntilMinute), Math.Min(_large.FirstUntilMinute, _names.FirstUntilMinute));
        if (first > minute)
            return this;

        // An upper level's end of a key is never before a lower level's, so none of them comes to light by dropping it.
        var large = DenylistTable.Of([_large, _middle, _small], [], minute);
        var names = _names.WithoutPassed(minute);
        return new Denylist(DenylistTable.Empty, DenylistTable.Empty, large, NextPair(), names, large.Count + names.Count);
    }

    /// <summary>Whether a token is revoked, and why; null when it is not. Allocates nothing.</summary>
    public RevocationMatch? Find(AuthenticToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return Count > 0 && ((token.ClearOf != _pair && PairConcerns(token)) || _small.MayConcern(token) || _names.MayConcern(token)) ? Search(token) : null;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool PairConcerns(AuthenticToken token)
    {
        if ((_large.MayConcern(token) || _middle.MayConcern(token)) && HasEntry(token.Claims))
            return true;
        token.ClearOf = _pair;
        return false;
    }

    private bool HasEntry(AccessTokenClaims claims)
    {
        var subject = RevocationKey.Of(claims.Subject);
        return (FindSlot(RevocationKind.Token, RevocationKey.Of(claims.Id)) ?? FindSlot(RevocationKind.Session, RevocationKey.Of(claims.SessionId))
            ?? FindSlot(RevocationKind.Subject, subject) ?? FindSlot(RevocationKind.Claims, subject)) is not null;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private RevocationMatch? Search(AuthenticToken token)
    {
        var claims = token.Claims;
        var subject = RevocationKey.Of(claims.Subject);
        return Find(RevocationKind.Token, RevocationKey.Of(claims.Id)) is { } id ? Hard(id)
            : Find(RevocationKind.Session, RevocationKey.Of(claims.SessionId)) is { } session ? Hard(session)
            : Find(RevocationKind.Subject, subject) is { } epoch && token.Epoch < epoch.Number ? Hard(epoch)
            : _names.Era is { } era && token.Era < era.Number ? Hard(era)
            : _names.Kids.TryGetValue(token.Kid, out var key) ? Hard(key)
            : Find(RevocationKind.Claims, subject) is { } soft && token.ClaimsVersion < soft.Number ? new RevocationMatch(AccessTokenFailure.ClaimsStale, null)
            : null;
    }

    private DenylistValue? Find(RevocationKind kind, in RevocationKey key) => key.Text is { } text ? _names.Find(kind, text) : FindSlot(kind, key);

    private DenylistValue? FindSlot(RevocationKind kind, in RevocationKey key) => _small.Find(kind, key) ?? _middle.Find(kind, key) ?? _large.Find(kind, key);

    private Denylist With(DenylistSlot[] slots, DenylistNames names, int count)
    {
        var few = slots.Length + _small.Count;
        return few <= MostSmall ? new Denylist(DenylistTable.Of([_small], slots), _middle, _large, _pair, names, count)
            : few + _middle.Count <= MostMiddle ? new Denylist(DenylistTable.Empty, DenylistTable.Of([_middle, _small], slots), _large, NextPair(), names, count)
            : new Denylist(DenylistTable.Empty, DenylistTable.Empty, DenylistTable.Of([_large, _middle, _small], slots), NextPair(), names, count);
    }

    private static long NextPair() => Interlocked.Increment(ref pairs);

    private static RevocationMatch Hard(DenylistValue value) => new(AccessTokenFailure.Revoked, value.Reason == default ? null : value.Reason);
}

/// <summary>Why a token is revoked.</summary>
/// <param name="Failure"><see cref="AccessTokenFailure.Revoked"/>, or <see cref="AccessTokenFailure.ClaimsStale"/> when a refresh helps.</param>
/// <param name="Reason">Why its session ended, where that is known.</param>
public readonly record struct RevocationMatch(AccessTokenFailure Failure, EndReason? Reason);
