using Symbolon.Keys;

namespace Symbolon.AspNetCore;

/// <summary>Where verification keys come from: the authority in this process, or its JWKS.</summary>
public abstract class VerificationKeySource
{
    /// <summary>The keys in force; null while none are known yet. Called for each request, so it answers from memory.</summary>
    public abstract ValueTask<VerificationKeys?> GetAsync(CancellationToken ct);
}
