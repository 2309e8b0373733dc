using Symbolon.Revocation;
using Symbolon.Sessions;

namespace Symbolon.Authority.Ports;

/// <summary>The ordered list of what was revoked. Entries are written by the transactions that revoke; this reads them, and waits for them.</summary>
/// <remarks>
/// Numbers start at 1, are given in order of commit and have no holes within a timeline: whoever has read <c>n</c> never later meets an entry
/// up to <c>n</c> that it had not seen [I12].
/// </remarks>
public interface IRevocationLog
{
    /// <summary>Entries in order, with the log's timeline, newest number and clock, in one consistent read of the primary.</summary>
    /// <param name="since">Only entries above this number; null for all that are kept, which begins with the oldest.</param>
    /// <param name="take">The most entries.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>Null when entries above <paramref name="since"/> were compacted away, or when it is above the newest number: take a snapshot.</returns>
    ValueTask<RevocationPage?> ReadAsync(long? since, int take, CancellationToken ct);

    /// <summary>Whether an access token was revoked by its <c>jti</c>.</summary>
    ValueTask<bool> HasTokenAsync(string jti, CancellationToken ct);

    /// <summary>Appends the revocation of one access token with its event, once, and while the event's session has fewer than <paramref name="most"/> that still stand.</summary>
    /// <param name="entry">The entry of a token.</param>
    /// <param name="what">Its event: kind <see cref="EventKind.TokenRevoked"/>.</param>
    /// <param name="most">How many tokens of the session may be revoked one by one within <see cref="RevocationEntry.Life"/>; a token without a session is not counted.</param>
    /// <param name="ct">Cancels.</param>
    ValueTask<TokenAppend> AppendTokenAsync(RevocationEntry entry, SessionEvent what, int most, CancellationToken ct);

    /// <summary>Ends as soon as this process knows of an entry above <paramref name="seq"/>, at the latest after <paramref name="atMost"/>: other processes' entries may only show then.</summary>
    /// <remarks>It may throw, as the others may: then the log is read again after a second.</remarks>
    ValueTask WaitAsync(long seq, TimeSpan atMost, CancellationToken ct);

    /// <summary>Begins another timeline: what verifiers have read so far says nothing about what comes now. For a store that was restored from a backup.</summary>
    ValueTask StartTimelineAsync(CancellationToken ct);

    /// <summary>Drops the oldest entries whose <c>until</c> has passed, up to the first that has not; at most <paramref name="most"/> at once.</summary>
    ValueTask<int> CompactAsync(int most, CancellationToken ct);
}

/// <summary>What came of appending a token's revocation.</summary>
public enum TokenAppend
{
    /// <summary>It is in the log now.</summary>
    Appended,

    /// <summary>It was there already.</summary>
    Known,

    /// <summary>Too many tokens of its session were revoked one by one. Nothing was written.</summary>
    TooMany,
}
