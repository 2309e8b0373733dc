using Symbolon.Revocation;
using Symbolon.Sessions;

namespace Symbolon.Conventions.Tests;

/// <summary>Numbers and codes that stand in stores: they may grow, never change.</summary>
public class StoredNumberTests
{
    [Fact]
    public void EventKinds_KeepTheirNumbers() => Assert.Equal(
        "SessionStarted=1 SessionRefreshed=2 SessionRetried=3 SessionAdopted=4 SessionEnded=5 StoreBehind=6 KeyMisused=7 TokenRevoked=8 SubjectEnded=10 ClaimsChanged=11 "
        + "AccountCreated=20 PasswordChanged=21 AccountDisabled=22 AccountEnabled=23 AccountDeleted=24 LoginFailed=25 EraRaised=30 KeyAnnounced=40 KeyRemoved=41",
        Numbers<EventKind>());

    [Fact]
    public void RevocationKinds_KeepTheirNumbers() => Assert.Equal("Session=1 Token=2 Subject=3 Claims=4 Key=5 Era=6", Numbers<RevocationKind>());

    [Fact]
    public void EndReasons_KeepTheirCodes()
    {
        var codes = Enum.GetValues<EndReason>().Select(reason => reason.Code());
        Assert.Equal(
            "logout ended_by_user ended_by_admin refresh_reuse password_changed account_disabled account_deleted all_ended inactivity absolute_lifetime session_limit replaced risk",
            string.Join(' ', codes));
        Assert.All(Enum.GetValues<EndReason>(), reason => Assert.Equal(reason, EndReasons.Parse(reason.Code())));
    }

    private static string Numbers<T>() where T : struct, Enum => string.Join(' ', Enum.GetValues<T>().Select(kind => $"{kind}={Convert.ToInt32(kind)}"));
}
