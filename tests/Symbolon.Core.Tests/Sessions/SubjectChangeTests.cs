using Symbolon.Revocation;
using static Symbolon.Some;

namespace Symbolon.Sessions;

/// <summary>Changes above a subject's sessions: DESIGN §4.3.</summary>
public sealed class SubjectChangeTests
{
    private static readonly Subject Changed = Account with { Epoch = 4, EpochReason = EndReason.PasswordChanged, ClaimsVersion = 9 };

    [Fact]
    public void EndAll_RaisesTheEpochOnce()
    {
        var change = SubjectChange.EndAll(Changed, EndReason.AllEnded, "alice", T0);
        Assert.Equal(Changed with { Epoch = 5, EpochReason = EndReason.AllEnded }, change.Subject);
        Assert.Equal(RevocationEntry.OfSubject(Alice, 5, EndReason.AllEnded, T0), change.Entry);
        Assert.Equal([new SessionEvent(EventKind.SubjectEnded, T0, Subject: Alice, Number: 5, Reason: "all_ended", By: "alice")], change.Events);
    }

    [Fact]
    public void ClaimsChanged_RaisesOnlyTheClaimsVersion()
    {
        var change = SubjectChange.ClaimsChanged(Changed, "admin", T0);
        Assert.Equal(Changed with { ClaimsVersion = 10 }, change.Subject);
        Assert.Equal(RevocationEntry.OfClaims(Alice, 10, T0), change.Entry);
    }

    [Fact]
    public void Disable_EndsAllAndKeepsTheFirstInstant()
    {
        var change = SubjectChange.Disable(Changed with { DisabledAt = T0.AddDays(-1) }, "admin", T0);
        Assert.Equal((T0.AddDays(-1), 5), (change.Subject.DisabledAt, change.Subject.Epoch));
        Assert.Equal([EventKind.SubjectEnded, EventKind.AccountDisabled], change.Events.Select(what => what.Kind));
        Assert.Equal(EndReason.AccountDisabled.Code(), change.Entry!.Reason);
    }

    [Fact]
    public void Enable_RevivesNoSession()
    {
        var disabled = SubjectChange.Disable(Changed, "admin", T0).Subject;
        var enabled = SubjectChange.Enable(disabled, "admin", T0).Subject;
        Assert.Equal((null, 5), (enabled.DisabledAt, enabled.Epoch));
        Assert.Equal(EndReason.AccountDisabled, SessionStanding.Refusal(Row with { Epoch = 4 }, enabled, Stamp, era: 3));
    }

    [Fact]
    public void Delete_LeavesATombstone()
    {
        var change = SubjectChange.Delete(Changed, "alice", T0);
        Assert.Equal((T0, 5), (change.Subject.DeletedAt, change.Subject.Epoch));
        Assert.Equal([EventKind.SubjectEnded, EventKind.AccountDeleted], change.Events.Select(what => what.Kind));
    }

    [Fact]
    public void PasswordChanged_EndsAllAndSaysWhy()
    {
        var change = SubjectChange.PasswordChanged(Changed, "alice", T0);
        Assert.Equal((5, EndReason.PasswordChanged), (change.Subject.Epoch, change.Subject.EpochReason));
        Assert.Equal([EventKind.SubjectEnded, EventKind.PasswordChanged], change.Events.Select(what => what.Kind));
    }

    [Fact]
    public void Created_NotesTheAccountAndRevokesNothing()
    {
        var change = SubjectChange.Created(Account, T0);
        Assert.Equal((Account, null, EventKind.AccountCreated), (change.Subject, change.Entry, Assert.Single(change.Events).Kind));
    }
}
