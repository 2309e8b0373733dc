using Symbolon.Authority.Ports;
using Symbolon.Sessions;

namespace Symbolon.Authority.Operations;

/// <summary>Makes a store safe that was restored from a backup: what had ended since must not come back. Each step may be repeated.</summary>
internal sealed class AfterRestore(IRevocationLog revocations, IKeyStore keys, ISubjectStore subjects, RotateSigningKeys rotate, EndSessions end)
{
    /// <summary>Begins another timeline of the revocation log, so that no verifier takes new numbers for old ones.</summary>
    /// <exception cref="StoreUnavailableException">Run it again.</exception>
    public async Task BeginAsync(CancellationToken ct)
    {
        await rotate.RunIfDueAsync(ct); // refuses other master keys before anything is changed
        await revocations.StartTimelineAsync(ct);
    }

    /// <summary>Replaces all signing keys, since one that was removed after the backup would count again, and ends everyone's sessions: no token is left that a key could lose.</summary>
    /// <exception cref="StoreUnavailableException">Run it again.</exception>
    public async Task EndEveryoneAsync(CancellationToken ct)
    {
        foreach (var key in (await keys.LoadAsync(ct)).Ring.Keys.Where(key => key.RemovedAt is null)) await rotate.RemoveAsync(key.Kid, by: null, ct);
        await end.EveryoneAsync(by: null, ct);
    }

    /// <summary>Ends all sessions of some subjects. Answers those that this store does not know.</summary>
    /// <exception cref="StoreUnavailableException">Run it again.</exception>
    public async Task<IReadOnlyList<SubjectId>> EndAsync(IEnumerable<SubjectId> listed, CancellationToken ct)
    {
        var unknown = new List<SubjectId>();
        foreach (var subject in listed)
        {
            if ((await subjects.FindAsync(subject, ct)).Subject is null) unknown.Add(subject);
            else await end.AllAsync(subject, EndReason.AllEnded, by: null, ct);
        }

        return unknown;
    }

    /// <summary>Removes a signing key once more that was removed after the backup; false when there is no such key that counts.</summary>
    /// <exception cref="StoreUnavailableException">Run it again.</exception>
    public Task<bool> RemoveKeyAsync(string kid, CancellationToken ct) => rotate.RemoveAsync(kid, by: null, ct);
}
