using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Symbolon.Jose;
using static Symbolon.Access.AccessTokenSamples;

namespace Symbolon.Access;

/// <summary>Tokens that were altered, in the header and as bytes. Claims have their own table in <see cref="AccessTokenClaimsTests"/>.</summary>
public sealed class AccessTokenTamperingTests
{
    public static TheoryData<string, AccessTokenFailure?> Headers => new()
    {
        { Header, null },
        { """ { "typ" : "at+jwt" , "kid" : "es256" , "alg" : "ES256" , "unknown" : [[[[1]]]] } """, AccessTokenFailure.Malformed }, // depth 5
        { """ { "typ" : "at+jwt" , "kid" : "es256" , "alg" : "ES256" , "unknown" : [[[1]]] } """, null },
        { """{"alg":"ES256","kid":"es256","typ":"at+jwt","jku":"https://evil.example/jwks","jwk":{"kty":"EC"},"x5u":"https://evil.example","x5c":["AA"]}""", null },
        { "", AccessTokenFailure.Malformed },
        { "null", AccessTokenFailure.Malformed },
        { "[]", AccessTokenFailure.Malformed },
        { "nonsense", AccessTokenFailure.Malformed },
        { Header + "x", AccessTokenFailure.Malformed },
        { "\uFEFF" + Header, AccessTokenFailure.Malformed },
        { Header[..^1] + ",}", AccessTokenFailure.Malformed },
        { Header[..^1] + "/* */}", AccessTokenFailure.Malformed },
        { Header[..^1] + ",\"alg\":\"ES256\"}", AccessTokenFailure.Malformed },
        { Header[..^1] + ",\"\\u0061lg\":\"ES256\"}", AccessTokenFailure.Malformed },
        { Header[..^1] + ",\"x\":{\"a\":1,\"a\":2}}", AccessTokenFailure.Malformed },
        { Header[..^1] + ",\"x\":\"\\udc00\"}", AccessTokenFailure.Malformed },
        { Header[..^1] + ",\"\\ud800\":1}", AccessTokenFailure.Malformed },
        { Header[..^1] + ",\"crit\":[\"exp\"]}", AccessTokenFailure.Malformed },
        { Header[..^1] + ",\"crit\":null}", AccessTokenFailure.Malformed },
        { Header[..^1] + ",\"zip\":\"DEF\"}", AccessTokenFailure.Malformed },
        { Header[..^1] + ",\"b64\":false}", AccessTokenFailure.Malformed },
        { Header[..^1] + ",\"x\":\"" + new string('x', 973) + "\"}", null }, // 1,024 bytes
        { Header[..^1] + ",\"x\":\"" + new string('x', 974) + "\"}", AccessTokenFailure.Malformed },
        { """{"alg":"ES256","kid":"es256"}""", AccessTokenFailure.Type },
        { """{"alg":"ES256","kid":"es256","typ":null}""", AccessTokenFailure.Type },
        { """{"alg":"ES256","kid":"es256","typ":["at+jwt"]}""", AccessTokenFailure.Type },
        { """{"alg":"ES256","kid":"es256","typ":""}""", AccessTokenFailure.Type },
        { """{"alg":"ES256","kid":"es256","typ":"JWT"}""", AccessTokenFailure.Type },
        { """{"alg":"ES256","kid":"es256","typ":"at+jwt "}""", AccessTokenFailure.Type },
        { """{"alg":"ES256","kid":"es256","typ":"application/application/at+jwt"}""", AccessTokenFailure.Type },
        { """{"alg":"ES256","kid":"es256","typ":"logout+jwt"}""", AccessTokenFailure.Type },
        { """{"kid":"es256","typ":"at+jwt"}""", AccessTokenFailure.Algorithm },
        { """{"alg":"none","kid":"es256","typ":"at+jwt"}""", AccessTokenFailure.Algorithm },
        { """{"alg":"nOnE","kid":"es256","typ":"at+jwt"}""", AccessTokenFailure.Algorithm },
        { """{"alg":"","kid":"es256","typ":"at+jwt"}""", AccessTokenFailure.Algorithm },
        { """{"alg":"es256","kid":"es256","typ":"at+jwt"}""", AccessTokenFailure.Algorithm },
        { """{"alg":"ES512","kid":"es256","typ":"at+jwt"}""", AccessTokenFailure.Algorithm },
        { """{"alg":"ES256K","kid":"es256","typ":"at+jwt"}""", AccessTokenFailure.Algorithm },
        { """{"alg":"HS256","kid":"es256","typ":"at+jwt"}""", AccessTokenFailure.Algorithm },
        { """{"alg":["ES256"],"kid":"es256","typ":"at+jwt"}""", AccessTokenFailure.Algorithm },
        { """{"alg":0,"kid":"es256","typ":"at+jwt"}""", AccessTokenFailure.Algorithm },
        { """{"alg":"ES256","typ":"at+jwt"}""", AccessTokenFailure.Key },
        { """{"alg":"ES256","kid":null,"typ":"at+jwt"}""", AccessTokenFailure.Key },
        { """{"alg":"ES256","kid":["es256"],"typ":"at+jwt"}""", AccessTokenFailure.Key },
        { """{"alg":"ES256","kid":"","typ":"at+jwt"}""", AccessTokenFailure.Key },
        { """{"alg":"ES256","kid":"../../dev/null","typ":"at+jwt"}""", AccessTokenFailure.Key },
        { """{"alg":"ES256","kid":"ES256","typ":"at+jwt"}""", AccessTokenFailure.Key },
        { """{"alg":"ES256","kid":"es384","typ":"at+jwt"}""", AccessTokenFailure.Key }, // the key is for another algorithm
        { """{"alg":"PS256","kid":"rs256","typ":"at+jwt"}""", AccessTokenFailure.Key },
        { """{"alg":"ES384","kid":"es384","typ":"at+jwt"}""", AccessTokenFailure.Signature }, // somebody else's key
        { """{"alg":"RS256","kid":"rs256","typ":"at+jwt"}""", AccessTokenFailure.Signature },
    };

    [Theory, MemberData(nameof(Headers))]
    public void Authenticate_AnswersTheRightCode_ForEachHeader(string header, AccessTokenFailure? expected) =>
        Assert.Equal(expected, Authenticate(WithHeader(header)).Failure);

    [Fact]
    public void Authenticate_RefusesTheClassicConfusion_WhenThePublicKeyIsUsedAsASecret()
    {
        var published = Encoding.UTF8.GetBytes(new JwkSet([TestKeys.For(JwsAlgorithm.RS256).PublicJwk!]).Write());
        using var attacker = SigningKey.FromSecret("rs256", published);
        var token = Jws.Sign(attacker, Claims.ToUtf8Json());
        Assert.Equal(AccessTokenFailure.Key, AccessTokenVerification.Authenticate(token, TestKeys.All, AnyAlgorithm).Failure);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("...")]
    [InlineData("a.b.c")]
    [InlineData("Bearer")]
    [InlineData("\0")]
    [InlineData("é.é.é")]
    [InlineData("\ud800")]
    public void Authenticate_RefusesWhatIsNoToken(string text) => Assert.Equal(AccessTokenFailure.Malformed, Authenticate(text).Failure);

    [Fact]
    public void Authenticate_RefusesOversizedTokens()
    {
        Assert.Equal(AccessTokenFailure.Malformed, Authenticate(new string('A', 8193)).Failure);
        Assert.Equal(AccessTokenFailure.Malformed, Authenticate(new string('A', 10_000_000)).Failure);
        var padded = ClaimsWith("x", $"\"{new string('x', 5_700)}\"");
        Assert.True(Authenticate(TestKeys.Forge(Key, Header, padded)).IsAccepted);
        Assert.Equal(AccessTokenFailure.Malformed, Authenticate(TestKeys.Forge(Key, Header, padded + new string(' ', 300))).Failure);
    }

    [Fact]
    public void Authenticate_RefusesOtherWritingsOfTheSameToken()
    {
        var token = WithHeader(Header);
        var (header, payload, signature) = token.Split('.') switch { var p => (p[0], p[1], p[2]) };
        string[] writings =
        [
            token + "=", token + "==", token + " ", " " + token, token + "\n", token + ".", token + ".AA", "." + token,
            $"{header}=.{payload}.{signature}", $"{header}.{payload}=.{signature}", $"{header}\n.{payload}.{signature}",
            $"{header}.{payload[..9]} {payload[9..]}.{signature}", $"{header}.{payload}.", $"{header}.{payload}", $"{header}..{signature}",
            $"{header}.{payload}.{StrayBits(signature)}", token.Replace('-', '+').Replace('_', '/') + "+",
        ];
        foreach (var writing in writings)
            Assert.Equal(AccessTokenFailure.Malformed, Authenticate(writing).Failure);
    }

    [Theory, MemberData(nameof(AccessTokenVerificationTests.Algorithms), MemberType = typeof(AccessTokenVerificationTests))]
    public void Authenticate_RefusesEveryChangeOfOneCharacter(JwsAlgorithm algorithm)
    {
        var token = Jws.Sign(TestKeys.For(algorithm), FullClaims.ToUtf8Json());
        var change =
            from position in Gen.Choose(0, token.Length - 1)
            from letter in Gen.Frequency((3, Gen.Elements("ABYZabyz0189-_.=+/ ".ToCharArray())), (1, Gen.Choose(0, 0xffff).Select(c => (char)c)))
            where letter != token[position]
            select (position, letter);
        Prop.ForAll(change.ToArbitrary(), c => !Verifies(token[..c.position] + c.letter + token[(c.position + 1)..]))
            .Check(Quiet.WithMaxTest(1_500));
    }

    [Fact]
    public void Authenticate_RefusesEveryBitFlip_OfTheWholeToken()
    {
        var token = Jws.Sign(Key, Claims.ToUtf8Json());
        for (var i = 0; i < token.Length; i++)
        {
            for (var bit = 0; bit < 7; bit++)
                Assert.False(Verifies(token[..i] + (char)(token[i] ^ (1 << bit)) + token[(i + 1)..]), $"bit {bit} of character {i}");
        }
    }

    [Fact]
    public void Authenticate_NeverThrows_WhateverIsSigned()
    {
        // The key holder signs garbage: nothing after the signature may rely on the contents.
        var good = Encoding.UTF8.GetString(FullClaims.ToUtf8Json());
        string[] pieces = ["{", "}", "[", "]", "\"", ":", ",", "\\", "\\ud800", "\\u0000", "1e999", "-0", "1E+400", "null", "true", "9", "0.1", "exp", "\u00e9"];
        var garbage =
            from start in Gen.Choose(0, good.Length)
            from length in Gen.Choose(0, 40)
            from inserted in Gen.Elements(pieces).ListOf()
            select good[..start] + string.Concat(inserted) + good[Math.Min(good.Length, start + length)..];
        Prop.ForAll(garbage.ToArbitrary(), payload => Answers(TestKeys.Forge(TestKeys.For(JwsAlgorithm.HS256), HsHeader, payload)))
            .Check(Quiet.WithMaxTest(3_000));
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => Answers(TestKeys.Forge(TestKeys.For(JwsAlgorithm.HS256), Encoding.UTF8.GetBytes(HsHeader), bytes)))
            .Check(Quiet.WithMaxTest(1_000));
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => !Verifies(TestKeys.Forge(TestKeys.For(JwsAlgorithm.HS256), bytes, "{}"u8.ToArray())))
            .Check(Quiet.WithMaxTest(1_000));
    }

    private static readonly Config Quiet = Config.QuickThrowOnFailure.WithQuietOnSuccess(true);

    private const string HsHeader = """{"alg":"HS256","kid":"hs256","typ":"at+jwt"}""";

    private static bool Verifies(string token) => AccessTokenVerification.Authenticate(token, TestKeys.All, AnyAlgorithm).IsAccepted;

    private static bool Answers(string token)
    {
        var result = AccessTokenVerification.Verify(token, TestKeys.All, AnyAlgorithm, Revocation.Denylist.Empty, T0);
        return result.IsAccepted || result.Failure is not null;
    }

    /// <summary>The same bytes for a lenient decoder: the unused bits of the last character are set.</summary>
    private static string StrayBits(string part)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        Assert.NotEqual(0, part.Length % 4);
        return part[..^1] + Alphabet[Alphabet.IndexOf(part[^1], StringComparison.Ordinal) | 1];
    }
}
