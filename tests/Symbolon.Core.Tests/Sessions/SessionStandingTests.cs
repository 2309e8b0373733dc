using static Symbolon.Some;

namespace Symbolon.Sessions;

/// <summary>Rule 4 of DESIGN §4.1, also the live check.</summary>
public sealed class SessionStandingTests
{
    private static EndReason? Refusal(Subject? subject, Bytes16? stamp = null, int era = 3, Session? session = null) =>
        SessionStanding.Refusal(session ?? Row, subject, stamp ?? Stamp, era);

    [Fact]
    public void Refusal_IsNull_WhenAllStands() => Assert.Null(Refusal(Account));

    [Fact]
    public void Refusal_IsDeleted_WhenSubjectIsGone()
    {
        Assert.Equal(EndReason.AccountDeleted, Refusal(subject: null));
        Assert.Equal(EndReason.AccountDeleted, Refusal(Account with { DeletedAt = T0, DisabledAt = T0 }));
        Assert.Equal(EndReason.AccountDeleted, SessionStanding.Refusal(Row, Account, stamp: null, era: 3));
    }

    [Fact]
    public void Refusal_IsDisabled_WhenSubjectIs() => Assert.Equal(EndReason.AccountDisabled, Refusal(Account with { DisabledAt = T0 }, era: 4));

    [Theory]
    [InlineData(2, null)] // a store that lost a raise must not refuse what is above it
    [InlineData(3, null)]
    [InlineData(4, EndReason.AllEnded)]
    public void Refusal_IsAllEnded_WhenEraIsAbove(int era, EndReason? reason) => Assert.Equal(reason, Refusal(Account, era: era));

    [Theory]
    [InlineData(0, null, null)]
    [InlineData(1, null, EndReason.AllEnded)]
    [InlineData(1, EndReason.PasswordChanged, EndReason.PasswordChanged)]
    public void Refusal_GivesTheEpochsReason_WhenEpochIsAbove(int epoch, EndReason? why, EndReason? reason) =>
        Assert.Equal(reason, Refusal(Account with { Epoch = epoch, EpochReason = why }));

    [Fact]
    public void Refusal_IsPasswordChanged_WhenStampDiffers() => Assert.Equal(EndReason.PasswordChanged, Refusal(Account, Bytes16.HashOf("other")));

    [Fact]
    public void Over_PrefersTheSessionsOwnEnd_ThenItsLifetime()
    {
        var ended = Row with { Ending = new SessionEnding(T0, EndReason.Logout, "alice") };
        Assert.Equal(EndReason.Logout, SessionStanding.Over(ended, subject: null, Stamp, era: 9, Row.EndsAt));
        Assert.Equal(EndReason.AbsoluteLifetime, SessionStanding.Over(Row, subject: null, Stamp, era: 9, Row.EndsAt));
        Assert.Equal(EndReason.AllEnded, SessionStanding.Over(Row, Account, Stamp, era: 9, T0));
        Assert.Null(SessionStanding.Over(Row, Account, Stamp, era: 3, T0));
    }
}
