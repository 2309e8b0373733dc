using Symbolon.Keys;

namespace Symbolon.AspNetCore;

/// <summary>Where verification keys come from: the authority in this process, or its JWKS.</summary>
internal abstract class VerificationKeySource
{
    /// <summary>The keys in force, from memory; null while none are known yet. The same instance for as long as they stay the same.</summary>
    public abstract VerificationKeys? Current { get; }

    /// <summary>How long ago the issuer last said which keys count; zero where nobody has to be asked.</summary>
    public virtual TimeSpan Age => TimeSpan.Zero;

    /// <summary>Called when a token names a key that <see cref="Current"/> lacks, or while there are no keys. May look for newer keys, but rarely: what a token says must not cause work without bound.</summary>
    /// <returns>The keys after that; null while none are known.</returns>
    public virtual ValueTask<VerificationKeys?> RefreshAsync(CancellationToken ct) => new(Current);
}
