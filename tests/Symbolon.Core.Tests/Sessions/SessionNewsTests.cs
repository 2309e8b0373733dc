using static Symbolon.Some;

namespace Symbolon.Sessions;

public sealed class SessionNewsTests
{
    private static readonly DateTimeOffset Now = T0.AddSeconds(1);

    private static SessionSight Sight(Session? session = null, Subject? subject = null, Bytes16? stamp = null, string[]? roles = null) =>
        SessionSight.Of(new SessionFacts(session ?? Row, subject ?? Account, 3, Now), stamp ?? Stamp, roles ?? []);

    private static Session Ended(EndReason reason) => Row with { Ending = new SessionEnding(T0, reason, By: null) };

    public static TheoryData<string, SessionSight, SessionNews?> Looks => new()
    {
        { "nothing happened", Sight(), null },
        { "a log-out", Sight(Ended(EndReason.Logout)), new SessionNews.Ended(EndReason.Logout) },
        { "not used for too long", Sight(Row with { ExpiresAt = Now }), new SessionNews.Ended(EndReason.Inactivity) },
        { "too old", Sight(Row with { EndsAt = Now }), new SessionNews.Ended(EndReason.AbsoluteLifetime) },
        { "a refresh meanwhile", Sight(Row with { ExpiresAt = T0.AddDays(20), Generation = 6 }), null },
        { "a ban", Sight(subject: Account with { DisabledAt = T0 }), new SessionNews.Ended(EndReason.AccountDisabled) },
        { "a raised epoch", Sight(subject: Account with { Epoch = 1, EpochReason = EndReason.PasswordChanged }), new SessionNews.Ended(EndReason.PasswordChanged) },
        { "a raised era", SessionSight.Of(new SessionFacts(Row, Account, Era: 4, Now), Stamp, []), new SessionNews.Ended(EndReason.AllEnded) },
        { "an account that is gone", SessionSight.Of(new SessionFacts(Row, Account, Era: 3, Now), stamp: null, []), new SessionNews.Ended(EndReason.AccountDeleted) },
        { "a row that is gone", SessionSight.Of(new SessionFacts(Session: null, Account, Era: 3, Now), Stamp, []), new SessionNews.Ended(Reason: null) },
        { "another claims version", Sight(subject: Account with { ClaimsVersion = 2 }), new SessionNews.ClaimsChanged(2) },
        { "another role", Sight(roles: ["editor"]), new SessionNews.ClaimsChanged(0) },
        { "an end and other claims", Sight(Ended(EndReason.EndedByAdmin), Account with { ClaimsVersion = 2 }, roles: ["editor"]), new SessionNews.Ended(EndReason.EndedByAdmin) },
    };

    [Theory]
    [MemberData(nameof(Looks))]
    public void Between_SaysWhatIsNew(string what, SessionSight now, SessionNews? expected) => Assert.True(SessionNews.Between(Sight(), now) == expected, what);

    [Fact]
    public void Between_IsNull_WhenTheLookBeforeSawItToo()
    {
        var seen = Sight(subject: Account with { ClaimsVersion = 2 }, roles: ["b", "a"]);
        Assert.Null(SessionNews.Between(seen, Sight(subject: Account with { ClaimsVersion = 2 }, roles: ["a", "b"])));
        Assert.Null(SessionNews.Between(seen, Sight(subject: Account with { ClaimsVersion = 1 }, roles: ["a", "b"]))); // a store that lost it
    }

    /// <summary>A new e-mail address writes a new stamp to the account, and then to its sessions.</summary>
    [Fact]
    public void Between_BelievesAStrangeStamp_WhenTwoLooksSawIt()
    {
        var strange = Sight(stamp: Bytes16.HashOf("other"));
        Assert.Null(SessionNews.Between(Sight(), strange));
        Assert.Equal(new SessionNews.Ended(EndReason.PasswordChanged), SessionNews.Between(strange, strange));
        Assert.Null(SessionNews.Between(strange, Sight()));
    }

    [Fact]
    public void Rest_IsToTheNearerEnd()
    {
        Assert.Equal(TimeSpan.FromDays(14) - TimeSpan.FromSeconds(1), Sight().Rest);
        Assert.Equal(TimeSpan.FromSeconds(4), Sight(Row with { EndsAt = Now.AddSeconds(4) }).Rest);
    }
}
