namespace Symbolon.Keys;

/// <summary>A ring as a server holds it between two looks into the store. A server that was cut off, or stood still, must not sign by what it remembers.</summary>
/// <param name="Ring">What the store held.</param>
/// <param name="ReadAt">The store's clock at the read: this and the time since decide, never a server's own wall clock.</param>
/// <remarks>
/// A key signs <see cref="KeyRingPolicy.AnnounceFor"/> after it was written at the earliest, which is longer than <see cref="KeyRingPolicy.TrustFor"/>: a ring that is trusted knows of every
/// change of the key that signs, but for one that was removed in an emergency.
/// </remarks>
public sealed record HeldKeyRing(SigningKeyRing Ring, DateTimeOffset ReadAt)
{
    /// <summary>The store's clock, as far as one knows.</summary>
    /// <param name="age">How long ago the question was sent that this ring answers, by a clock that nobody sets.</param>
    public DateTimeOffset Now(TimeSpan age) => ReadAt + age;

    /// <summary>The key that signs. Null: the ring has to be read again first, since it is too old, or its key was removed.</summary>
    /// <param name="age">How long ago the question was sent that this ring answers, by a clock that nobody sets.</param>
    /// <param name="removed">The keys that are known to be removed, from wherever.</param>
    /// <param name="policy">The lengths.</param>
    public RingKey? Signing(TimeSpan age, IEnumerable<string> removed, KeyRingPolicy policy) =>
        age < policy.TrustFor && Ring.Active(Now(age), policy) is { } active && !removed.Contains(active.Kid) ? active : null;
}
