using System.Security.Cryptography;

namespace Symbolon.Jose;

/// <summary>Opens PKCS#8 private keys and refuses those that do not go with the algorithm. Messages never quote key material.</summary>
internal static class PrivateKeyImport
{
    public static ECDsa Ecdsa(ReadOnlySpan<byte> pkcs8, JwsAlgorithm algorithm)
    {
        var (curve, oid, _) = algorithm.Curve();
        var ecdsa = Import(ECDsa.Create(), pkcs8, $"{algorithm.Name()} needs an unencrypted PKCS#8 private key on {curve}.");
        var actual = ecdsa.ExportParameters(includePrivateParameters: false).Curve;
        if (actual.IsNamed && actual.Oid.Value == oid)
            return ecdsa;
        ecdsa.Dispose();
        throw new ArgumentException($"{algorithm.Name()} needs a key on {curve}; this one is on another curve.", nameof(pkcs8));
    }

    public static RSA Rsa(ReadOnlySpan<byte> pkcs8)
    {
        var rsa = Import(RSA.Create(), pkcs8, "RSA needs an unencrypted PKCS#8 private key.");
        if (rsa.KeySize is >= 2048 and <= 8192)
            return rsa;
        var bits = rsa.KeySize;
        rsa.Dispose();
        throw new ArgumentException($"An RSA key needs 2048 to 8192 bits; this one has {bits}.", nameof(pkcs8));
    }

    private static T Import<T>(T key, ReadOnlySpan<byte> pkcs8, string need)
        where T : AsymmetricAlgorithm
    {
        try
        {
            key.ImportPkcs8PrivateKey(pkcs8, out var read);
            if (read == pkcs8.Length)
                return key;
        }
        catch (CryptographicException e)
        {
            key.Dispose();
            throw new ArgumentException(need, nameof(pkcs8), e);
        }

        key.Dispose();
        throw new ArgumentException($"{need} There are bytes after its end.", nameof(pkcs8));
    }
}
