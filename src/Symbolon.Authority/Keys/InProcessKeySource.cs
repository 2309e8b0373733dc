using Symbolon.AspNetCore;
using Symbolon.Authority.Ports;
using Symbolon.Keys;

namespace Symbolon.Authority;

/// <summary>The verification keys of the authority in this process.</summary>
internal sealed class InProcessKeySource(KeyRing ring) : VerificationKeySource
{
    // A token that names an unknown key costs no more than one read a second.
    private static readonly TimeSpan OnDemandEvery = TimeSpan.FromSeconds(1);

    public override VerificationKeys? Current => ring.Current?.Verification;

    /// <summary>Another server may have removed a key a moment ago: its successor signs at once.</summary>
    public override async ValueTask<VerificationKeys?> RefreshAsync(CancellationToken ct)
    {
        try
        {
            return (await ring.NewestAsync(OnDemandEvery, ct)).Verification;
        }
        catch (StoreUnavailableException)
        {
            return null; // never read
        }
    }
}
