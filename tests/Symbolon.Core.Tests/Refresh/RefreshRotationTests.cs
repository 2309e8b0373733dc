using Symbolon.Sessions;
using static Symbolon.Some;
using static Symbolon.Refresh.RefreshDecision;

namespace Symbolon.Refresh;

/// <summary>The table of DESIGN §4.1, row by row, each at its boundaries.</summary>
public sealed class RefreshRotationTests
{
    private static readonly SessionLifetime Lifetime = SessionLifetime.Default;
    private static readonly Bytes16 Attempt = Bytes16.HashOf("attempt");

    private static RefreshDecision Decide(SessionFacts facts, PresentedRefreshToken token, RefreshPolicy? policy = null) =>
        RefreshRotation.Decide(facts, Stamp, token, policy ?? Policy, Lifetime);

    [Fact]
    public void Decide_Forges_WhenProofIsWrong() => Assert.IsType<Forged>(Decide(Facts(), Token(6) with { IsProven = false }));

    [Fact]
    public void Decide_IsForeign_WhenAnotherClientPresents() => Assert.IsType<Foreign>(Decide(Facts(), Token(6) with { ClientId = "other" }));

    [Fact]
    public void Decide_IsForeign_WhenTransportDiffers() => Assert.IsType<Foreign>(Decide(Facts(), Token(6) with { Transport = SessionTransport.Cookie }));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Decide_IsForeign_WhenNoClientIsNamedAndItsClientIsConfidential(bool confidential)
    {
        var decision = Decide(Facts(), Token(6) with { ClientId = null }, Policy with { IsConfidential = confidential });
        if (confidential) Assert.IsType<Foreign>(decision);
        else Assert.IsType<Rotate>(decision);
    }

    [Fact]
    public void Decide_IsUnknown_WhenThereIsNoRow() =>
        Assert.IsType<Unknown>(Decide(new SessionFacts(Session: null, Subject: null, Era: 0, T0), Token(6)));

    [Fact]
    public void Decide_TellsTheReason_WhenSessionEnded() =>
        Assert.Equal(new Ended(EndReason.Risk), Decide(Facts(EndedSession()), Token(6)));

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    public void Decide_Expires_WhenNowReachesAnEnd(int millisecondsAfter, bool alive)
    {
        var inactive = Decide(Facts(now: Row.ExpiresAt.AddMilliseconds(millisecondsAfter)), Token(6));
        var old = Decide(Facts(Row with { ExpiresAt = Row.EndsAt }, Row.EndsAt.AddMilliseconds(millisecondsAfter)), Token(6));
        if (alive) Assert.All([inactive, old], decision => Assert.IsType<Rotate>(decision));
        else Assert.Equal((new Expired(EndReason.Inactivity), new Expired(EndReason.AbsoluteLifetime)), (inactive, old));
    }

    [Fact]
    public void Decide_Ends_WhenWhatStandsAboveRefuses() =>
        Assert.Equal(new Ends(EndReason.AllEnded), Decide(Facts(era: 4), Token(6)));

    [Fact]
    public void Decide_Ends_WhenStampChanged() =>
        Assert.Equal(new Ends(EndReason.PasswordChanged), RefreshRotation.Decide(Facts(), Bytes16.HashOf("other"), Token(6), Policy, Lifetime));

    [Theory]
    [InlineData(null, false)]
    [InlineData("other-key", false)]
    [InlineData("its-key", true)]
    public void Decide_RequiresProof_WhenSessionIsBoundToAKey(string? proven, bool accepted)
    {
        var decision = Decide(Facts(Row with { ConfirmationThumbprint = "its-key" }), Token(6) with { ProvenThumbprint = proven });
        if (accepted) Assert.IsType<Rotate>(decision);
        else Assert.IsType<ProofRequired>(decision);
    }

    [Fact]
    public void Decide_Rotates_WhenAChildIsUsed()
    {
        var now = T0.AddDays(2);
        var next = Assert.IsType<Rotate>(Decide(Facts(Row with { Retries = 3, Attempts = AttemptHashes.Of(Bytes16.HashOf("old")) }, now), Token(6, 99, Attempt))).Next;
        Assert.Equal(
            Row with
            {
                Generation = 6, Branch = 99, Retries = 3, ConfirmedAt = now, LastSeenAt = now, ExpiresAt = now.AddDays(14),
                Attempts = AttemptHashes.Of(Attempt), Superseded = SupersededTokens.After(Row, now, Policy.Settle),
            },
            next);
    }

    [Theory]
    [InlineData(0)] // even a child with its parent's branch
    [InlineData(50)]
    [InlineData(long.MinValue)]
    public void Decide_Rotates_WhateverTheBranch(long branch) => Assert.IsType<Rotate>(Decide(Facts(), Token(6, branch)));

    [Theory]
    [InlineData(-3_600_000, true)] // the clock was set back
    [InlineData(0, true)]
    [InlineData(599_999, true)]
    [InlineData(600_000, false)]
    public void Decide_Retries_WhenConfirmedTokenComesInsideOverlap(int milliseconds, bool retries)
    {
        var decision = Decide(Facts(now: T0.AddMilliseconds(milliseconds)), Token(5));
        if (retries) Assert.IsType<Retry>(decision);
        else Assert.IsType<Reuse>(decision);
    }

    [Fact]
    public void Decide_Retries_WhenAttemptIsKnownHoweverLate()
    {
        var session = Row with { Attempts = AttemptHashes.Of(Attempt) };
        Assert.Equal(new Retry(Attempt), Decide(Facts(session, T0.AddDays(13)), Token(5, attempt: Attempt)));
        Assert.IsType<Reuse>(Decide(Facts(session, T0.AddDays(13)), Token(5, attempt: Bytes16.HashOf("other"))));
        Assert.IsType<Reuse>(Decide(Facts(session, T0.AddDays(13)), Token(4, attempt: Attempt)));
        Assert.IsType<Reuse>(Decide(Facts(session, T0.AddDays(13)), Token(5, branch: 51, attempt: Attempt)));
    }

    [Fact]
    public void Decide_Retries_WhenSenderConstraintIsProvenHoweverLate() =>
        Assert.IsType<Retry>(Decide(Facts(Row with { ConfirmationThumbprint = "key" }, T0.AddDays(13)), Token(5) with { ProvenThumbprint = "key" }));

    [Fact]
    public void Decide_Retries_WhenOverlapLastsUntilAChildIsUsed() =>
        Assert.IsType<Retry>(Decide(Facts(now: T0.AddDays(13)), Token(5), Policy with { Overlap = RefreshPolicy.UntilUsed }));

    [Fact]
    public void Decide_DoesNotRetry_WhenAttemptsAreRequiredAndUnknown()
    {
        var policy = Policy with { AttemptsRequired = true };
        var session = Row with { Attempts = AttemptHashes.Of(Attempt) };
        var stranger = Token(5, attempt: Bytes16.HashOf("stranger"));
        Assert.IsType<AskAgain>(Decide(Facts(session, T0.AddSeconds(9)), stranger, policy));
        Assert.IsType<Reuse>(Decide(Facts(session, T0.AddSeconds(10)), stranger, policy));
        Assert.IsType<Retry>(Decide(Facts(session, T0.AddDays(1)), Token(5, attempt: Attempt), policy));
    }

    [Theory]
    [InlineData(6)]
    [InlineData(5)]
    [InlineData(1)]
    public void Decide_AsksForAnAttempt_WhenItIsRequiredAndMissing(int generation)
    {
        Assert.IsType<AttemptRequired>(Decide(Facts(now: T0.AddDays(1)), Token(generation), Policy with { AttemptsRequired = true }));
        Assert.IsNotType<AttemptRequired>(Decide(Facts(now: T0.AddDays(1)), Token(generation)));
    }

    [Fact]
    public void Decide_Adopts_WhenStoreLostOneRotation()
    {
        var next = Assert.IsType<Adopt>(Decide(Facts(), Token(7, 70, Attempt))).Next;
        Assert.Equal((7, 70L, AttemptHashes.Of(Attempt)), (next.Generation, next.Branch, next.Attempts));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(int.MaxValue - 1)]
    public void Decide_FindsStoreBehind_WhenTokenIsFurtherAhead(int generation) => Assert.IsType<StoreBehind>(Decide(Facts(), Token(generation)));

    [Fact]
    public void Decide_Expires_WhenThereIsNoGenerationForAChild() =>
        Assert.Equal(
            new Expired(EndReason.AbsoluteLifetime), Decide(Facts(Row with { Generation = int.MaxValue - 1 }), Token(int.MaxValue)));

    [Fact]
    public void Decide_ChangesNothing_WhenCalledTwice()
    {
        var facts = Facts();
        Assert.Equal(Decide(facts, Token(6)), Decide(facts, Token(6)));
        Assert.Equal(Facts(), facts);
    }

    internal static Session EndedSession() => Row with { Ending = new SessionEnding(T0, EndReason.Risk, By: null) };
}
