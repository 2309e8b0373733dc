using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Symbolon.Keys;
using Symbolon.Sessions;

namespace Symbolon.Refresh;

/// <summary>The MAC keys of refresh tokens, derived from the master keys.</summary>
/// <remarks>DESIGN §3.2: HKDF-SHA256 (RFC 5869) with the issuer as salt and the label <c>symbolon/refresh/v1</c> as info.</remarks>
public sealed class RefreshTokenKeys
{
    private readonly FrozenDictionary<byte, MacKey> keys;

    /// <summary>Derives the keys.</summary>
    /// <param name="masterKeys">The master keys; the first makes tokens, all check them.</param>
    /// <param name="issuer">The issuer, so that two authorities with one master key do not accept each other's tokens.</param>
    public RefreshTokenKeys(MasterKeys masterKeys, string issuer)
    {
        ActiveId = masterKeys.ActiveId;
        keys = masterKeys.Ids.ToFrozenDictionary(id => id, id => new MacKey(
            masterKeys.Derive(id, issuer, "symbolon/refresh/v1"),
            masterKeys.Derive(id, issuer, "symbolon/refresh/v1/proof")));
    }

    /// <summary>The id of the key that makes tokens.</summary>
    public byte ActiveId { get; }

    internal MacKey? Find(byte id) => keys.GetValueOrDefault(id);

    internal sealed class MacKey(byte[] tagKey, byte[] proofKey)
    {
        public Bytes16 Tag(ReadOnlySpan<byte> body) => Mac(tagKey, body);

        public Bytes16 Proof(ReadOnlySpan<byte> body, Bytes16 salt)
        {
            Span<byte> salted = stackalloc byte[body.Length + Bytes16.Size];
            body.CopyTo(salted);
            salt.Write(salted[body.Length..]);
            return Mac(proofKey, salted);
        }

        private static Bytes16 Mac(byte[] key, ReadOnlySpan<byte> data)
        {
            Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
            HMACSHA256.HashData(key, data, mac);
            return Bytes16.Read(mac);
        }
    }
}
