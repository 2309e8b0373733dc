using Symbolon.Authority.Ports;

namespace Symbolon.Authority.Operations;

/// <summary>Makes a store safe that was restored from a backup: what had ended since must not come back.</summary>
internal sealed class AfterRestore(IRevocationLog revocations, EndSessions end)
{
    /// <summary>Begins another timeline of the revocation log, so that no verifier takes new numbers for old ones; then ends everyone's sessions. May be repeated.</summary>
    /// <exception cref="StoreUnavailableException">Run it again.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        await revocations.StartTimelineAsync(ct);
        await end.EveryoneAsync(by: null, ct);
    }
}
