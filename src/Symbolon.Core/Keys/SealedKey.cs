using System.Security.Cryptography;
using System.Text;

namespace Symbolon.Keys;

/// <summary>A private key encrypted under a master key: AES-256-GCM, bound to its <c>kid</c>.</summary>
/// <remarks>DESIGN §3.3. Form: master key id 1 ‖ nonce 12 ‖ ciphertext ‖ tag 16.</remarks>
public static class SealedKey
{
    /// <summary>Length of the nonce, in bytes.</summary>
    public const int NonceSize = 12;

    private const int TagSize = 16;
    private const string Label = "symbolon/seal/v1";

    /// <summary>Seals a private key under the active master key.</summary>
    /// <param name="secret">PKCS#8, or an HMAC secret.</param>
    /// <param name="kid">The key's id; it cannot be opened under another.</param>
    /// <param name="nonce">12 random bytes, never used before.</param>
    /// <param name="masterKeys">The master keys.</param>
    public static byte[] Seal(ReadOnlySpan<byte> secret, string kid, ReadOnlySpan<byte> nonce, MasterKeys masterKeys)
    {
        var box = new byte[1 + NonceSize + secret.Length + TagSize];
        box[0] = masterKeys.ActiveId;
        nonce.CopyTo(box.AsSpan(1));
        using var aes = new AesGcm(masterKeys.Derive(masterKeys.ActiveId, "", Label), TagSize);
        aes.Encrypt(nonce, secret, box.AsSpan(1 + NonceSize, secret.Length), box.AsSpan(box.Length - TagSize), Encoding.UTF8.GetBytes(kid));
        return box;
    }

    /// <summary>The id of the master key that sealed a box, or null for an empty one.</summary>
    public static byte? MasterKeyOf(ReadOnlySpan<byte> box) => box.IsEmpty ? null : box[0];

    /// <summary>Opens a sealed key; null when no master key at hand opens it.</summary>
    public static byte[]? Open(ReadOnlySpan<byte> box, string kid, MasterKeys masterKeys)
    {
        if (box.Length <= 1 + NonceSize + TagSize || !masterKeys.Has(box[0])) return null;
        var secret = new byte[box.Length - 1 - NonceSize - TagSize];
        using var aes = new AesGcm(masterKeys.Derive(box[0], "", Label), TagSize);
        try
        {
            aes.Decrypt(box.Slice(1, NonceSize), box.Slice(1 + NonceSize, secret.Length), box[^TagSize..], secret, Encoding.UTF8.GetBytes(kid));
            return secret;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
