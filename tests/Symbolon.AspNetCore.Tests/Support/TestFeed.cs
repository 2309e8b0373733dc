using Symbolon.Revocation;
using Symbolon.Sessions;

namespace Symbolon.AspNetCore.Tests.Support;

/// <summary>A feed that says what a test lets it say, and is as old as the test wants.</summary>
internal sealed class TestFeed : RevocationFeed
{
    private volatile RevocationView view = new("t1", 0, Denylist.Empty);
    private long age;

    public override RevocationView View => view;

    public override TimeSpan Age
    {
        get
        {
            BeforeAge();
            return new(Interlocked.Read(ref age));
        }
    }

    /// <summary>What the feed does just before it says how old it is.</summary>
    public Action BeforeAge { get; set; } = () => { };

    public void SetAge(TimeSpan value) => Interlocked.Exchange(ref age, value.Ticks);

    public void Revoke(RevocationEntry entry)
    {
        lock (this) view = view with { Seq = view.Seq + 1, Denylist = view.Denylist.With([entry]) };
        OnRevoked(Denylist.Empty.With([entry]));
    }

    /// <summary>Into the view alone, as if a watcher had come too late for it.</summary>
    public void RevokeUnannounced(RevocationEntry entry)
    {
        lock (this) view = view with { Seq = view.Seq + 1, Denylist = view.Denylist.With([entry]) };
    }

    public void EndSession(string sid, EndReason reason = EndReason.Logout) => Revoke(Session(sid, reason));

    public static RevocationEntry Session(string sid, EndReason reason = EndReason.Logout) =>
        RevocationEntry.OfSession(SessionId.TryParse(sid, out var id) ? id : throw new ArgumentException("Not a session id.", nameof(sid)), reason, TimeProvider.System.GetUtcNow());
}

/// <summary>An authority that answers what a test wants.</summary>
internal sealed class TestLive : LiveCheck
{
    public Func<LiveQuestion, LiveAnswer> Answer { get; set; } = _ => default;

    /// <summary>Done when it may answer.</summary>
    public Task May { get; set; } = Task.CompletedTask;

    public int Questions;

    public override async ValueTask<LiveAnswer> AskAsync(LiveQuestion question, CancellationToken ct)
    {
        Interlocked.Increment(ref Questions);
        await May;
        return Answer(question);
    }
}
