using Symbolon.Revocation;

namespace Symbolon.Authority.Ports;

/// <summary>The ordered list of what was revoked. Entries are written by the transactions that revoke; this reads them.</summary>
public interface IRevocationLog
{
    /// <summary>Entries above <paramref name="seq"/> in commit order [I12].</summary>
    ValueTask<IReadOnlyList<LoggedRevocation>> SinceAsync(long seq, int take, CancellationToken ct);

    /// <summary>Drops entries whose <c>until</c> has passed; at most <paramref name="most"/> at once.</summary>
    ValueTask<int> CompactAsync(int most, CancellationToken ct);
}

/// <summary>An entry at its place in the log.</summary>
/// <param name="Seq">Its number: order of commit.</param>
/// <param name="Entry">The entry.</param>
public readonly record struct LoggedRevocation(long Seq, RevocationEntry Entry);
