using System.Security.Cryptography;
using System.Text;

namespace Symbolon.Jose;

public sealed class SigningKeyTests
{
    public static TheoryData<JwsAlgorithm> Algorithms => [.. Enum.GetValues<JwsAlgorithm>()];

    [Theory, MemberData(nameof(Algorithms))]
    public void Sign_VerifiesWithItsOwnKeyOnly(JwsAlgorithm algorithm)
    {
        var key = TestKeys.For(algorithm);
        var data = "header.payload"u8.ToArray();
        var signature = new byte[key.SignatureLength];
        key.Sign(data, signature);

        Assert.True(key.VerificationKey.Verify(data, signature));
        Assert.Equal(algorithm, key.VerificationKey.Algorithm);
        foreach (var other in Enum.GetValues<JwsAlgorithm>().Where(a => a != algorithm))
            Assert.False(TestKeys.For(other).VerificationKey.Verify(data, signature));
    }

    [Theory, MemberData(nameof(Algorithms))]
    public void Verify_IsFalse_WhateverTheSignatureIs(JwsAlgorithm algorithm)
    {
        var key = TestKeys.For(algorithm);
        foreach (var length in (int[])[0, 1, 31, 32, 33, 63, 64, 65, 95, 96, 97, 132, 255, 256, 257, 512])
        {
            foreach (var fill in (byte[])[0, 1, 0x80, 0xff])
                Assert.False(key.VerificationKey.Verify("data"u8, Enumerable.Repeat(fill, length).ToArray()), $"{length} × {fill}");
        }
    }

    [Fact]
    public void Verify_AcceptsAMirroredSignature_SoTokensHaveNoIdentityOfBytes()
    {
        var key = TestKeys.For(JwsAlgorithm.ES256);
        var signature = new byte[64];
        key.Sign("data"u8, signature);
        var order = System.Numerics.BigInteger.Parse("0ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", System.Globalization.NumberStyles.HexNumber);
        var s = order - new System.Numerics.BigInteger(signature.AsSpan(32), isUnsigned: true, isBigEndian: true);
        var mirrored = s.ToByteArray(isUnsigned: true, isBigEndian: true);
        byte[] other = [.. signature[..32], .. new byte[32 - mirrored.Length], .. mirrored];
        Assert.NotEqual(signature, other);
        Assert.True(key.VerificationKey.Verify("data"u8, other));
    }

    [Theory, MemberData(nameof(Algorithms))]
    public void Sign_IsSafe_WhenManyThreadsUseOneKey(JwsAlgorithm algorithm)
    {
        var key = TestKeys.For(algorithm);
        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 32 }, i =>
        {
            var data = Encoding.UTF8.GetBytes($"payload {i}");
            var signature = new byte[key.SignatureLength];
            key.Sign(data, signature);
            Assert.True(key.VerificationKey.Verify(data, signature));
            signature[^1] ^= 1;
            Assert.False(key.VerificationKey.Verify(data, signature));
        });
    }

    [Fact]
    public void FromPkcs8_Refuses_WhatDoesNotGoWithTheAlgorithm()
    {
        var p256 = TestKeys.EcPkcs8(ECCurve.NamedCurves.nistP256);
        var p384 = TestKeys.EcPkcs8(ECCurve.NamedCurves.nistP384);
        var rsa = TestKeys.RsaPkcs8(2048);
        (string What, JwsAlgorithm Algorithm, byte[] Key)[] cases =
        [
            ("other curve", JwsAlgorithm.ES256, p384),
            ("other curve", JwsAlgorithm.ES384, p256),
            ("Koblitz curve of the same size", JwsAlgorithm.ES256, TestKeys.EcPkcs8(ECCurve.CreateFromValue("1.3.132.0.10"))),
            ("RSA key", JwsAlgorithm.ES256, rsa),
            ("EC key", JwsAlgorithm.RS256, p256),
            ("weak RSA", JwsAlgorithm.RS256, TestKeys.RsaPkcs8(1024)),
            ("weak RSA", JwsAlgorithm.PS256, TestKeys.RsaPkcs8(2040)),
            ("bytes after the end", JwsAlgorithm.ES256, [.. p256, 0]),
            ("cut off", JwsAlgorithm.ES256, p256[..^1]),
            ("empty", JwsAlgorithm.RS256, []),
            ("not for private keys", JwsAlgorithm.HS256, p256),
        ];
        foreach (var (what, algorithm, key) in cases)
        {
            var error = Assert.Throws<ArgumentException>(() => SigningKey.FromPkcs8("kid", algorithm, key));
            Assert.True(error.Message.Length > 30, what);
            if (what.Contains("curve", StringComparison.Ordinal))
                Assert.Contains("another curve", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void FromSecret_RefusesShortSecrets()
    {
        Assert.Throws<ArgumentException>(() => SigningKey.FromSecret("kid", new byte[31]));
        Assert.Throws<ArgumentException>(() => VerificationKey.FromSecret("kid", new byte[31]));
        Assert.Throws<ArgumentException>(() => SigningKey.FromSecret("", new byte[32]));
        Assert.Throws<ArgumentException>(() => SigningKey.FromSecret(new string('k', 129), new byte[32]));
    }

    [Theory, MemberData(nameof(Algorithms))]
    public void PublicJwk_HasNoPrivateMember(JwsAlgorithm algorithm)
    {
        var jwk = TestKeys.For(algorithm).PublicJwk;
        Assert.Equal(algorithm is JwsAlgorithm.HS256, jwk is null);
        if (jwk is not null)
            Assert.Equal(jwk, Assert.Single(JwkSet.Parse(new JwkSet([jwk]).Write(), derivesAlgorithms: false).Keys));
    }

    [Theory, MemberData(nameof(Algorithms))]
    public void Sign_Throws_AfterDisposal(JwsAlgorithm algorithm)
    {
        var key = algorithm switch
        {
            JwsAlgorithm.HS256 => SigningKey.FromSecret("k", new byte[32]),
            JwsAlgorithm.ES256 => SigningKey.FromPkcs8("k", algorithm, TestKeys.EcPkcs8(ECCurve.NamedCurves.nistP256)),
            JwsAlgorithm.ES384 => SigningKey.FromPkcs8("k", algorithm, TestKeys.EcPkcs8(ECCurve.NamedCurves.nistP384)),
            _ => SigningKey.FromPkcs8("k", algorithm, TestKeys.RsaPkcs8(2048)),
        };
        var signature = new byte[key.SignatureLength];
        key.Sign("data"u8, signature);
        Assert.Throws<ArgumentException>(() => key.Sign("data"u8, signature.AsSpan(1)));
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.Sign("data"u8, signature));
        Assert.True(key.VerificationKey.Verify("data"u8, signature));
    }
}
