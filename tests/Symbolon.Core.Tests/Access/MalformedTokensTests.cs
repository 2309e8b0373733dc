using Symbolon.Jose;
using Symbolon.Revocation;
using static Symbolon.Access.AccessTokenSamples;

namespace Symbolon.Access;

/// <summary>A million spoilt tokens with <c>SYMBOLON_LONG=1</c>, else 20,000. How long they take is measured by <c>./bench.sh verify</c>.</summary>
public sealed class MalformedTokensTests
{
    // Who has a key may make a verifier keep each of some thousand claims of the application's own.
    private const int MostBytes = 64 * 1024, MostBytesOfGoodClaims = 192 * 1024;
    private static readonly int Count = Environment.GetEnvironmentVariable("SYMBOLON_LONG") == "1" ? 1_000_000 : 20_000;

    [Theory, InlineData(1), InlineData(2)]
    public void Verify_RefusesEachSpoiltToken_WithoutAnException_AndWithLittleMemory(int seed)
    {
        var verifier = new AccessTokenVerifier(TestKeys.All, AnyAlgorithm, 64);
        foreach (var token in MalformedTokens.Real) Assert.True(verifier.Verify(token, Denylist.Empty, T0, Thumbprint).IsAccepted);
        var (tokens, seen, real) = (new MalformedTokens(seed), new int[Enum.GetValues<AccessTokenFailure>().Length], MalformedTokens.Real.ToHashSet(StringComparer.Ordinal));
        for (var i = 0; i < Count / 2; i++)
        {
            var (token, isSigned) = tokens.Next();
            var before = GC.GetAllocatedBytesForCurrentThread();
            var result = verifier.Verify(token, Denylist.Empty, T0, Thumbprint);
            var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            if (bytes > (result.IsAccepted || result.Failure > AccessTokenFailure.Claims ? MostBytesOfGoodClaims : MostBytes)) Assert.Fail($"{bytes} bytes for {Shown(token, seed, i)}");
            if (result.IsAccepted ? !isSigned && !real.Contains(token) : result.Failure is null) Assert.Fail($"Passed: {Shown(token, seed, i)}");
            if (result.Failure is { } failure) seen[(int)failure]++;
        }

        // They reach every check up to that of the claims, and are not all stopped by the first.
        for (var failure = AccessTokenFailure.Malformed; failure <= AccessTokenFailure.Claims; failure++) Assert.True(seen[(int)failure] > Count / 2_000, $"{failure}: {seen[(int)failure]}");
    }

    private static string Shown(string token, int seed, int number) => $"number {number} of seed {seed}, {token.Length} characters: {token[..Math.Min(token.Length, 300)]}";
}
