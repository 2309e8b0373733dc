using Symbolon.AspNetCore;
using Symbolon.Keys;

namespace Symbolon.Authority;

/// <summary>The verification keys of the authority in this process.</summary>
internal sealed class InProcessKeySource(KeyRing ring) : VerificationKeySource
{
    public override VerificationKeys? Current => ring.Current?.Verification;
}
