using System.Buffers.Text;
using System.Security.Cryptography;

namespace Symbolon.Jose;

/// <summary>A private key (or secret) that signs with exactly one algorithm. Safe for concurrent use; dispose it after its last use.</summary>
public sealed class SigningKey : IDisposable
{
    private const int MaxKidLength = 128; // the header has 1 KiB
    private readonly byte[] _material; // PKCS#8, or the secret
    private readonly InstancePool<ECDsa>? _ecdsa;
    private readonly InstancePool<RSA>? _rsa;
    private volatile bool _disposed;

    private SigningKey(string kid, JwsAlgorithm algorithm, byte[] material)
    {
        (Kid, Algorithm, _material) = (kid, algorithm, material);
        if (algorithm.IsEllipticCurve())
        {
            _ecdsa = new InstancePool<ECDsa>(() => PrivateKeyImport.Ecdsa(material, algorithm));
            var ecdsa = _ecdsa.Rent();
            var q = ecdsa.ExportParameters(includePrivateParameters: false).Q;
            PublicJwk = Public("EC") with { Crv = algorithm.Curve().Name, X = Base64Url.EncodeToString(q.X), Y = Base64Url.EncodeToString(q.Y) };
            SignatureLength = 2 * algorithm.Curve().CoordinateLength;
            _ecdsa.Return(ecdsa);
        }
        else if (algorithm.IsRsa())
        {
            _rsa = new InstancePool<RSA>(() => PrivateKeyImport.Rsa(material));
            var rsa = _rsa.Rent();
            var parameters = rsa.ExportParameters(includePrivateParameters: false);
            PublicJwk = Public("RSA") with { N = Base64Url.EncodeToString(parameters.Modulus), E = Base64Url.EncodeToString(parameters.Exponent) };
            SignatureLength = (rsa.KeySize + 7) / 8;
            _rsa.Return(rsa);
        }
        else
        {
            SignatureLength = HMACSHA256.HashSizeInBytes;
        }

        VerificationKey = PublicJwk is not null ? VerificationKey.FromJwk(PublicJwk) : VerificationKey.FromSecret(kid, material);
        EncodedAccessTokenHeader = JwsHeader.Encode(algorithm, kid, Jws.AccessTokenType);
    }

    /// <summary>The key's id, 1 to 128 characters.</summary>
    public string Kid { get; }

    /// <summary>The one algorithm of this key.</summary>
    public JwsAlgorithm Algorithm { get; }

    /// <summary>The public half, with <c>kid</c>, <c>alg</c> and <c>use</c>, ready to be published; null for HS256, which has none.</summary>
    public Jwk? PublicJwk { get; }

    /// <summary>The key that checks what this one signs.</summary>
    public VerificationKey VerificationKey { get; }

    /// <summary>Length of a signature in bytes.</summary>
    public int SignatureLength { get; }

    internal byte[] EncodedAccessTokenHeader { get; }

    /// <summary>Takes an unencrypted PKCS#8 private key (RFC 5208); it is copied, and wiped on disposal.</summary>
    /// <exception cref="ArgumentException">Not such a key, an RSA key outside 2048 to 8192 bits, or a curve that is not the algorithm's.</exception>
    public static SigningKey FromPkcs8(string kid, JwsAlgorithm algorithm, ReadOnlySpan<byte> pkcs8)
    {
        CheckKid(kid);
        if (!algorithm.IsEllipticCurve() && !algorithm.IsRsa())
            throw new ArgumentException($"{algorithm.Name()} has no private key; use FromSecret.", nameof(algorithm));
        return new SigningKey(kid, algorithm, pkcs8.ToArray());
    }

    /// <summary>Takes an HS256 secret of at least 32 bytes (RFC 7518 §3.2); it is copied, and wiped on disposal.</summary>
    /// <exception cref="ArgumentException">The secret is too short.</exception>
    public static SigningKey FromSecret(string kid, ReadOnlySpan<byte> secret)
    {
        CheckKid(kid);
        CheckSecret(secret);
        return new SigningKey(kid, JwsAlgorithm.HS256, secret.ToArray());
    }

    /// <summary>Signs; writes <see cref="SignatureLength"/> bytes.</summary>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public void Sign(ReadOnlySpan<byte> data, Span<byte> signature)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (signature.Length < SignatureLength)
            throw new ArgumentException($"A signature needs {SignatureLength} bytes.", nameof(signature));
        signature = signature[..SignatureLength];
        if (_ecdsa is not null)
        {
            var ecdsa = _ecdsa.Rent();
            ecdsa.SignData(data, signature, Algorithm.Hash(), DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            _ecdsa.Return(ecdsa);
        }
        else if (_rsa is not null)
        {
            var rsa = _rsa.Rent();
            rsa.SignData(data, signature, Algorithm.Hash(), Algorithm.RsaPadding());
            _rsa.Return(rsa);
        }
        else
        {
            HMACSHA256.HashData(_material, data, signature);
        }
    }

    /// <summary>Wipes the private key.</summary>
    public void Dispose()
    {
        _disposed = true;
        _ecdsa?.Close();
        _rsa?.Close();
        CryptographicOperations.ZeroMemory(_material);
    }

    internal static void CheckKid(string kid)
    {
        ArgumentException.ThrowIfNullOrEmpty(kid);
        if (kid.Length > MaxKidLength)
            throw new ArgumentException($"A key id has at most {MaxKidLength} characters.", nameof(kid));
    }

    internal static void CheckSecret(ReadOnlySpan<byte> secret)
    {
        if (secret.Length < 32)
            throw new ArgumentException("An HS256 secret needs at least 32 bytes (RFC 7518 §3.2).", nameof(secret));
    }

    private Jwk Public(string type) => new() { Kty = type, Kid = Kid, Alg = Algorithm.Name(), Use = "sig" };
}
