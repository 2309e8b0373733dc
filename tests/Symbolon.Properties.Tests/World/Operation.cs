using Symbolon.Refresh;
using Symbolon.Sessions;
using static Symbolon.Refresh.RefreshDecision;

namespace Symbolon.Properties;

/// <summary>Who presents. A forger has no key; a key thief makes tags, but no proofs.</summary>
internal enum Party { Victim, Thief, Replayer, Foreigner, Forger, KeyThief }

/// <summary>How far a presentation is. Between any two phases anything else may happen.</summary>
internal enum Phase { Sent, Loaded, Decided, Answered, Gone }

/// <summary>One presentation of a refresh token: parse, load, decide, commit, answer.</summary>
internal sealed class Operation(World world, Party by, string text, RefreshToken sent = default)
{
    private AuthenticRefreshToken read;
    private PresentedRefreshToken? presented;
    private int losses;

    public Party By => by;

    /// <summary>What its sender means to present.</summary>
    public RefreshToken Sent => sent;

    public Bytes16? Attempt { get; init; }

    public string? ClientId { get; init; } = World.Client;

    public SessionTransport Transport { get; init; } = SessionTransport.Body;

    /// <summary>How far the store's clock has moved since it was sent, in either direction.</summary>
    public TimeSpan Flight { get; set; }

    public Phase Phase { get; set; } = Phase.Sent;

    /// <summary>When it was sent and when its answer was ready, in the world's own count; null while there is none.</summary>
    public long SentAt { get; } = world.Tick();

    public long? AnsweredAt { get; private set; }

    public string Text => text;

    public int Loads { get; private set; }

    /// <summary>The token, once it was read as authentic.</summary>
    public RefreshToken? Token { get; private set; }

    /// <summary>What was read last, and what was decided on it.</summary>
    public SessionFacts? Facts { get; private set; }

    public RefreshDecision? Decision { get; private set; }

    /// <summary>What is answered, when tokens are.</summary>
    public RefreshToken? Child { get; private set; }

    public string? ChildText { get; private set; }

    public AccessToken? Access { get; private set; }

    public void Advance()
    {
        switch (Phase)
        {
            case Phase.Sent: Load(); break;
            case Phase.Loaded: Decide(); break;
            case Phase.Decided: Commit(); break;
            case Phase.Answered: world.Deliver(this); break;
        }
    }

    public void Finish()
    {
        while (Phase is not Phase.Gone) Advance();
    }

    private void Load()
    {
        if (world.IsOvertaken(this))
        {
            Phase = Phase.Gone;
            return;
        }

        if (world.Protocol.Read(text, World.Keys, out read) is not RefreshTokenReading.Authentic)
        {
            Refuse();
            return;
        }

        Token = read.Token;
        Loads++;
        Facts = world.Sessions.FindAsync(read.Token.Session, CancellationToken.None).Result();
        var isProven = Facts.Session is { } session && RefreshToken.IsProven(read, session.Salt, World.Keys);
        presented = new PresentedRefreshToken(read.Token, isProven, ClientId, Transport, Attempt);
        Phase = Phase.Loaded;
    }

    private void Decide()
    {
        Decision = world.Protocol.Decide(Facts!, world.Stamp, presented!, world.Setup.Policy, SessionLifetime.Default);
        Phase = Phase.Decided;
        if (Decision is not (Rotate or Adopt or Retry or Reuse or Ends)) Refuse();
    }

    private void Commit()
    {
        var (row, now) = (Facts!.Session!, Facts.Now);
        var (store, state) = (world.Sessions, world.State);
        switch (Decision)
        {
            case Rotate { Next: var next }: Answer(world.Protocol.TryRotate(state, store, row, next, Event(EventKind.SessionRefreshed)), next); break;
            case Adopt { Next: var next }: Answer(world.Protocol.TryRotate(state, store, row, next, Event(EventKind.SessionAdopted)), next); break;
            case Retry { Attempt: var attempt }: Answer(world.Protocol.TryRetry(state, store, row, attempt, Event(EventKind.SessionRetried)), row); break;
            case Reuse: Refuse(world.Protocol.End(store, SessionEnd.Of(row, EndReason.RefreshReuse, by: null, now))); break;
            case Ends { Reason: var reason }: Refuse(world.Protocol.End(store, SessionEnd.Of(row, reason, by: null, now))); break;
        }

        SessionEvent Event(EventKind kind) => new(kind, now, row.Id, row.Subject, read.Token.Generation);
    }

    private void Answer(bool committed, Session row)
    {
        if (!committed)
        {
            Lose();
            return;
        }

        if (Decision is not Retry) world.History.Add(new Confirmed(this, read.Token, row));
        Child = new RefreshToken(row.Id, read.Token.Generation + 1, world.Protocol.Branch(read.Token, world.Random));
        ChildText = Child.Value.Write(row.Salt, World.Keys);
        var (era, epoch) = world.Protocol.Numbers(row, world.State);
        Access = new AccessToken(row.Id, row.Subject, era, epoch);
        world.History.Add(new Answered(this, read.Token, Child.Value, Access));
        AnswerIsReady();
    }

    private void Refuse(bool committed = true)
    {
        if (!committed)
        {
            Lose();
            return;
        }

        world.History.Add(new Refused(this, Decision, world.Stored));
        AnswerIsReady();
    }

    // Somebody else was quicker: reload and decide again, at most twice.
    private void Lose()
    {
        Decision = ++losses > 2 ? new AskAgain() : null;
        Phase = Phase.Sent;
        if (Decision is not null) Refuse();
    }

    private void AnswerIsReady() => (Phase, AnsweredAt) = (Phase.Answered, world.Tick());
}

/// <summary>What an access token says that matters here.</summary>
internal sealed record AccessToken(SessionId Session, SubjectId Subject, int Era, int Epoch);
