using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Symbolon.Keys;

/// <summary>The secrets that all others hang on: they seal signing keys and derive the MAC keys of refresh tokens.</summary>
/// <remarks>DESIGN §3.3. The first is active; the others still open what they sealed and check what they made.</remarks>
public sealed class MasterKeys
{
    /// <summary>Length of a master key, in bytes.</summary>
    public const int Size = 32;

    private readonly ImmutableDictionary<byte, byte[]> keys;

    /// <summary>Holds the keys; the first is active.</summary>
    /// <exception cref="ArgumentException">No key, an id twice, or a key that is not 32 bytes long.</exception>
    public MasterKeys(IReadOnlyList<(byte Id, byte[] Key)> keys)
    {
        if (keys.Count == 0) throw new ArgumentException("At least one master key is needed.", nameof(keys));
        if (keys.Select(key => key.Id).Distinct().Count() != keys.Count) throw new ArgumentException("Two master keys have the same id.", nameof(keys));
        if (keys.FirstOrDefault(key => key.Key.Length != Size) is { Key: not null } wrong)
            throw new ArgumentException($"Master key {wrong.Id} is {wrong.Key.Length} bytes long; it must be {Size}.", nameof(keys));
        ActiveId = keys[0].Id;
        this.keys = keys.ToImmutableDictionary(key => key.Id, key => key.Key);
    }

    /// <summary>The id of the key that seals and derives new things.</summary>
    public byte ActiveId { get; }

    /// <summary>The ids of all keys.</summary>
    public IEnumerable<byte> Ids => keys.Keys;

    /// <summary>Whether there is a key of this id.</summary>
    public bool Has(byte id) => keys.ContainsKey(id);

    /// <summary>Derives 32 bytes for one purpose (HKDF-SHA256, RFC 5869).</summary>
    /// <param name="id">Which master key.</param>
    /// <param name="salt">Binds the result to, for example, an issuer.</param>
    /// <param name="label">Binds the result to one purpose.</param>
    public byte[] Derive(byte id, string salt, string label) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, keys[id], Size, Encoding.UTF8.GetBytes(salt), Encoding.UTF8.GetBytes(label));

    /// <summary>A name for a key that tells nothing about it: stands in the store, so that a server with another key notices.</summary>
    public string Fingerprint(byte id) => $"{id}:{Convert.ToHexStringLower(Derive(id, "", "symbolon/fingerprint/v1").AsSpan(0, 8))}";
}
