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

    /// <summary>Appends an entry that comes with no other change than its event.</summary>
    ValueTask AppendAsync(RevocationEntry entry, SessionEvent what, CancellationToken ct);

    /// <summary>Ends as soon as this process knows of an entry above <paramref name="seq"/>, at the latest after <paramref name="atMost"/>: other processes' entries may only show then.</summary>
    ValueTask WaitAsync(long seq, TimeSpan atMost, CancellationToken ct);

    /// <summary>Drops the oldest entries whose <c>until</c> has passed, up to the first that has not; at most <paramref name="most"/> at once.</summary>
    ValueTask<int> CompactAsync(int most, CancellationToken ct);
}
