using Symbolon.Jose;
using Symbolon.Keys;
using Symbolon.Revocation;
using Symbolon.Sessions;
using static Symbolon.Access.AccessTokenSamples;

namespace Symbolon.Access;

public sealed class VerifiedTokensTests
{
    private static readonly SigningKey Hmac = TestKeys.For(JwsAlgorithm.HS256);

    [Fact]
    public void Find_KnowsExactlyWhatWasAdded_AndNoMoreThanItsCapacity()
    {
        var memory = new VerifiedTokens(64);
        var made = Enumerable.Range(0, 1_000).Select(Made).ToArray();
        for (var i = 0; i < made.Length; i++)
        {
            var (token, authentic) = made[i];
            Assert.Null(memory.Find(token));
            memory.Add(token, authentic);
            Assert.Same(authentic, memory.Find(Copy(token))); // the newest is always there
            Assert.Null(memory.Find('f' + token[1..])); // the same tail, another text
            Assert.True(made.Count(one => memory.Find(one.Token) is not null) <= memory.Capacity);
        }

        Assert.All(made, one => Assert.True(memory.Find(one.Token) is null || ReferenceEquals(memory.Find(one.Token), one.Authentic)));
    }

    [Fact]
    public void Add_GivesUpTheOldest_WhateverItSaysOfItsLife()
    {
        var memory = new VerifiedTokens(8); // one set
        var made = Enumerable.Range(0, 9).Select(i => Made(i, T0.AddHours(9 - i))).ToArray(); // the oldest claims the longest life
        foreach (var (token, authentic) in made) memory.Add(token, authentic);
        Assert.Null(memory.Find(made[0].Token));
        Assert.All(made[1..], one => Assert.NotNull(memory.Find(one.Token)));
    }

    [Fact]
    public void Add_RefusesAnotherTokensText() => Assert.Throws<ArgumentException>(() => new VerifiedTokens(8).Add(Made(1).Token, Made(2).Authentic));

    [Fact]
    public void IsRight_IsFalse_WhenTextAndTokenAreOfDifferentAges()
    {
        var (mine, other) = (Made(1), Made(2));
        Assert.True(new VerifiedGuess(mine.Authentic, mine.Authentic.Text).IsRight(Copy(mine.Token)));
        Assert.False(new VerifiedGuess(other.Authentic, mine.Authentic.Text).IsRight(mine.Token)); // the text was written, the token not yet: it would pass as somebody else
        Assert.False(new VerifiedGuess(mine.Authentic, other.Authentic.Text).IsRight(mine.Token));
        Assert.False(new VerifiedGuess(other.Authentic, other.Authentic.Text).IsRight(mine.Token));
        Assert.False(new VerifiedGuess(null, mine.Authentic.Text).IsRight(mine.Token));
        Assert.False(new VerifiedGuess(mine.Authentic, null).IsRight(mine.Token));
        Assert.False(default(VerifiedGuess).IsRight(""));
    }

    [Fact]
    public void Find_AnswersTheTokenAskedFor_WhileOthersWriteToTheSamePlaces()
    {
        var memory = new VerifiedTokens(8);
        var made = Enumerable.Range(0, 64).Select(Made).ToArray();
        var wrong = 0;
        Parallel.For(0, 400_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            var (token, authentic) = made[(i * 31) % made.Length];
            if (i % 3 == 0) memory.Add(token, authentic);
            var guess = memory.Guess(token);
            if (memory.Find(token) is { } found && !ReferenceEquals(found, authentic)) Interlocked.Increment(ref wrong);
            if (guess.IsRight(token) && !ReferenceEquals(guess.Token, authentic)) Interlocked.Increment(ref wrong);
        });
        Assert.Equal(0, wrong);
    }

    [Fact]
    public void Verify_RemembersOnlyWhatPassed_AndChecksTimeAndRevocationEachTime()
    {
        var verifier = new AccessTokenVerifier(TestKeys.All, AnyAlgorithm, 64);
        var token = Made(1).Token;
        var revoked = Denylist.Empty.With([new RevocationEntry(RevocationKind.Token, "jti1", 0, T0, T0.AddHours(1), "logout")]);
        Assert.Equal(AccessTokenFailure.Revoked, verifier.Verify(token, revoked, T0).Failure);
        Assert.True(verifier.Verify(token, Denylist.Empty, T0).IsAccepted);
        Assert.Equal(AccessTokenFailure.Revoked, verifier.Verify(Copy(token), revoked, T0).Failure);
        Assert.Equal(AccessTokenFailure.Expired, verifier.Verify(token, Denylist.Empty, T0.AddHours(1)).Failure);
        Assert.Equal(AccessTokenFailure.Early, verifier.Verify(token, Denylist.Empty, T0.AddHours(-1)).Failure);
        Assert.Equal(AccessTokenFailure.Signature, verifier.Verify(token[..80] + (token[80] == 'A' ? 'B' : 'A') + token[81..], Denylist.Empty, T0).Failure);
    }

    [Fact]
    public void Verify_AllocatesNothing_WhenTheTokenIsKnown()
    {
        var verifier = new AccessTokenVerifier(TestKeys.All, AnyAlgorithm, 64);
        var (token, again) = (Made(1).Token, Copy(Made(1).Token));
        var list = Denylist.Empty.With(Enumerable.Range(0, 1_000).Select(i => RevocationEntry.OfSession(Some.Id(i), EndReason.Logout, T0)));
        Assert.True(verifier.Verify(token, list, T0).IsAccepted);
        verifier.Verify(again, list, T0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) verifier.Verify(again, list, T0);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Verify_IsTheSame_WhenTheTokenIsPartOfAHeader()
    {
        var verifier = new AccessTokenVerifier(TestKeys.All, AnyAlgorithm, 64);
        var (header, other) = ($"Bearer {Made(1).Token}", $"Bearer {Made(1).Token[..^1]}");
        var revoked = Denylist.Empty.With([new RevocationEntry(RevocationKind.Token, "jti1", 0, T0, T0.AddHours(1), "logout")]);
        Assert.Equal(AccessTokenFailure.Malformed, verifier.Verify(header.AsSpan(), Denylist.Empty, T0).Failure);
        Assert.True(verifier.Verify(header.AsSpan(7), Denylist.Empty, T0).IsAccepted);
        Assert.Equal(AccessTokenFailure.Revoked, verifier.Verify(header.AsSpan(7), revoked, T0).Failure);
        Assert.False(verifier.Verify(other.AsSpan(7), Denylist.Empty, T0).IsAccepted);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) verifier.Verify(header.AsSpan(7), Denylist.Empty, T0);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Verify_FailsNever_WhileKeysAreReplaced()
    {
        VerificationKey[] keys = [TestKeys.For(JwsAlgorithm.ES256).VerificationKey, Hmac.VerificationKey];
        var tokens = Enumerable.Range(0, 200).Select(i => Made(i).Token).ToArray();
        var verifier = new AccessTokenVerifier(new VerificationKeys(keys), AnyAlgorithm, 128);
        var (failures, current) = (0, verifier);
        Parallel.For(0, 20_000, i =>
        {
            if (i % 50 == 0) Volatile.Write(ref current, new AccessTokenVerifier(new VerificationKeys(i % 100 == 0 ? keys : keys[1..]), AnyAlgorithm, 128));
            if (!Volatile.Read(ref current).Verify(tokens[i % tokens.Length], Denylist.Empty, T0).IsAccepted) Interlocked.Increment(ref failures);
        });
        Assert.Equal(0, failures);
    }

    private static string Copy(string token) => new(token.AsSpan());

    private static (string Token, AuthenticToken Authentic) Made(int number) => Made(number, T0.AddMinutes(10));

    private static (string Token, AuthenticToken Authentic) Made(int number, DateTimeOffset expiresAt)
    {
        var token = Jws.Sign(Hmac, (Claims with { Id = $"jti{number}", ExpiresAt = expiresAt }).ToUtf8Json());
        return (token, AccessTokenVerification.Authenticate(token, TestKeys.All, AnyAlgorithm).Token!);
    }
}
