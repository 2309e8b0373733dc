using System.Collections.Frozen;
using Symbolon.Jose;

namespace Symbolon.Keys;

/// <summary>The keys a verifier believes at one moment. Immutable: replaced whole when they change.</summary>
public sealed class VerificationKeys
{
    private readonly FrozenDictionary<string, VerificationKey> _byKid;

    /// <summary>Takes the keys; each needs a <c>kid</c> of its own.</summary>
    /// <exception cref="ArgumentException">Two keys have the same <c>kid</c>.</exception>
    public VerificationKeys(IEnumerable<VerificationKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var byKid = new Dictionary<string, VerificationKey>(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            if (!byKid.TryAdd(key.Kid, key))
                throw new ArgumentException($"Two keys have the id '{key.Kid}'.", nameof(keys));
        }

        _byKid = byKid.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>No keys: refuses every token.</summary>
    public static VerificationKeys None { get; } = new([]);

    /// <summary>How many keys there are.</summary>
    public int Count => _byKid.Count;

    /// <summary>All keys, in no order.</summary>
    public IReadOnlyList<VerificationKey> All => _byKid.Values;

    /// <summary>Reads a JWK set; keys that we do not support or that have no <c>kid</c> are left out.</summary>
    /// <param name="json">The set.</param>
    /// <param name="derivesAlgorithms">Whether a key that states no <c>alg</c> gets the one of its kind; see <see cref="JwkSet.Parse"/>.</param>
    /// <exception cref="FormatException">The set is refused as a whole, see <see cref="JwkSet.Parse"/>.</exception>
    public static VerificationKeys FromJwks(string json, bool derivesAlgorithms) =>
        new(JwkSet.Parse(json, derivesAlgorithms).Keys.Where(k => k.Kid is not null).Select(VerificationKey.FromJwk));

    /// <summary>The key with exactly this id, or null.</summary>
    public VerificationKey? Find(string kid)
    {
        ArgumentNullException.ThrowIfNull(kid);
        return _byKid.GetValueOrDefault(kid);
    }
}
