using Symbolon.Sessions;

namespace Symbolon.Authority.Ports;

/// <summary>Where sessions stand. Each method is one read of the primary or one durable transaction.</summary>
/// <remarks>
/// An answer leaves only after its commit is durable. A conditional write that finds the row changed answers false: reload and decide
/// again. Every method throws <see cref="StoreUnavailableException"/> when the store cannot be used now.
/// One contract suite (tests/Symbolon.StoreContract.Tests) runs on every implementation.
/// </remarks>
public interface ISessionStore
{
    /// <summary>The row, its subject's row, the era and the clock, in one consistent read.</summary>
    ValueTask<SessionFacts> FindAsync(SessionId id, CancellationToken ct);

    /// <summary>Commits a start (new row, ended rows, entries, events) if the subject's sessions that count as live at the start's instant are still exactly <paramref name="live"/>: not only as many.</summary>
    ValueTask<bool> TryStartAsync(SessionStart start, IReadOnlyCollection<SessionId> live, CancellationToken ct);

    /// <summary>Commits a rotation where the row is still at (generation, branch) of <paramref name="read"/> and not ended.</summary>
    ValueTask<bool> TryRotateAsync(Session read, Session next, SessionEvent rotation, CancellationToken ct);

    /// <summary>Counts a retry and keeps its attempt, relative to the row, where it is still at (generation, branch) of <paramref name="read"/> and not ended.</summary>
    ValueTask<bool> TryRetryAsync(Session read, Bytes16? attempt, SessionEvent retry, CancellationToken ct);

    /// <summary>Ends sessions in one transaction, each where it is not ended (row, revocation entry, event); answers how many it ended.</summary>
    ValueTask<int> EndAsync(IReadOnlyList<SessionEnd> ends, CancellationToken ct);

    /// <summary>Ends a session where it is still at (generation, branch) of <paramref name="read"/> and not ended: a refresh meanwhile keeps it alive.</summary>
    ValueTask<bool> TryExpireAsync(Session read, SessionEnd end, CancellationToken ct);

    /// <summary>A subject's sessions that count as live at <paramref name="now"/> (not ended, not expired, not below its epoch or the era), newest first.</summary>
    ValueTask<IReadOnlyList<Session>> LiveOfAsync(SubjectId subject, DateTimeOffset now, CancellationToken ct);

    /// <summary>Sessions by keyset, newest first.</summary>
    ValueTask<IReadOnlyList<Session>> ListAsync(SessionQuery query, CancellationToken ct);

    /// <summary>Sets the device's name where the session is not ended; false when there is no such session.</summary>
    ValueTask<bool> RenameDeviceAsync(SessionId id, string? name, CancellationToken ct);

    /// <summary>Writes a new stamp to a subject's sessions that carry the old one and are not ended.</summary>
    ValueTask RestampAsync(SubjectId subject, Bytes16 from, Bytes16 to, CancellationToken ct);

    /// <summary>Erases the personal data (device, address, user agent) in all of a subject's rows.</summary>
    ValueTask ForgetAsync(SubjectId subject, CancellationToken ct);

    /// <summary>A page of all rows in order of id, each with what stands above it, for housekeeping.</summary>
    ValueTask<IReadOnlyList<SessionFacts>> ScanAsync(SessionId? after, int take, CancellationToken ct);

    /// <summary>Deletes rows for good.</summary>
    ValueTask PurgeAsync(IReadOnlyList<SessionId> ids, CancellationToken ct);
}

/// <summary>What to list.</summary>
/// <param name="Subject">Only this subject's, or everyone's.</param>
/// <param name="ClientId">Only this client's, or any.</param>
/// <param name="LiveOnly">Only those that count as live now.</param>
/// <param name="Before">Only ids below this one: the last of the page before.</param>
/// <param name="Take">The most rows, 1 to 200.</param>
public sealed record SessionQuery(SubjectId? Subject, string? ClientId, bool LiveOnly, SessionId? Before, int Take);
