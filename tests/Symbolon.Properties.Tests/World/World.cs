using Symbolon.Authority.InMemory;
using Symbolon.Keys;
using Symbolon.Refresh;
using Symbolon.Sessions;

namespace Symbolon.Properties;

/// <summary>One session, its honest client, a thief and the rest of the world, over the real rules and the reference stores, with a clock that is set by hand.</summary>
internal sealed class World
{
    public const string Client = "web";

    public static readonly RefreshTokenKeys Keys = KeysOf(1);
    public static readonly RefreshTokenKeys StrangeKeys = KeysOf(2);
    private static readonly DateTimeOffset T0 = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly SubjectId Alice = new("alice");

    private static readonly TimeSpan[] Spans =
    [
        TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(9), TimeSpan.FromMilliseconds(9_999), TimeSpan.FromSeconds(10),
        TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(21), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(599), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1),
        TimeSpan.FromDays(1), TimeSpan.FromDays(13), TimeSpan.FromDays(15),
    ];

    private readonly ManualTime time = new() { Now = T0 };
    private readonly InMemorySubjectStore subjects;
    private readonly SessionId sid;
    private readonly Victim victim;
    private readonly List<string> issued = [], loot = [];
    private readonly List<RefreshToken> lootTokens = [];
    private Session? beforeRotation;
    private long tick;

    private World(Setup setup, Protocol protocol)
    {
        (Setup, Protocol, Random) = (setup, protocol, new Random(setup.Seed));
        State = new InMemoryState(time);
        Sessions = new InMemorySessionStore(State);
        subjects = new InMemorySubjectStore(State);
        var row = NewSession();
        sid = row.Id;
        Sessions.TryStartAsync(SessionStart.Plan(row, [], limit: 100, T0), [], CancellationToken.None).Result();
        Row = State.Sessions[sid];
        var first = new RefreshToken(sid, 1, Random.NextInt64());
        issued.Add(first.Write(row.Salt, Keys));
        victim = new Victim(setup, first, issued[0]);
        History = new History { FirstRow = Row, FirstToken = first, FirstText = issued[0], FirstAccess = new AccessToken(sid, Alice, row.Era, row.Epoch) };
    }

    public Setup Setup { get; }

    public Protocol Protocol { get; }

    public Random Random { get; }

    public InMemoryState State { get; }

    public InMemorySessionStore Sessions { get; }

    public History History { get; }

    public List<Operation> InFlight { get; } = [];

    public Session Row { get; private set; }

    /// <summary>The row as the store has it now; <see cref="Row"/> is as it was before the step under way.</summary>
    public Session Stored => State.Sessions[sid];

    public Bytes16? Stamp { get; private set; } = Bytes16.HashOf("stamp");

    public static History Play(Run run, Protocol protocol)
    {
        var world = new World(run.Setup, protocol);
        foreach (var step in run.Steps) world.Take(step);
        return world.Close();
    }

    /// <summary>Counts what happens: the real time of this world, which nobody can set back.</summary>
    public long Tick() => ++tick;

    /// <summary>Whether a request is given up because [I7] promises nothing for it.</summary>
    public bool IsOvertaken(Operation request) => victim.IsOvertaken(request, Stored);

    /// <summary>An answer arrives, with or without tokens.</summary>
    public void Deliver(Operation answer)
    {
        answer.Phase = Phase.Gone;
        if (answer is not { Child: { } child, ChildText: { } text }) return;
        if (answer.By is Party.Victim) victim.Store(child, text);
        if (answer.By is Party.Thief) Loot(child, text);
    }

    private void Take(Step step)
    {
        switch (step.Act)
        {
            case Act.VictimRefreshes: Start(victim.Send(this), finish: true); break;
            case Act.VictimSends: Start(victim.Send(this)); break;
            case Act.ThiefRefreshes: Start(ThiefSends(step.Which), finish: true); break;
            case Act.ThiefSends: Start(ThiefSends(step.Which)); break;
            case Act.Steal: Steal(); break;
            case Act.Replay: Start(new Operation(this, Party.Replayer, Issued(step.Which)), finish: true); break;
            case Act.ForeignPresents: Start(Foreign(step.Which), finish: true); break;
            case Act.Forge: Start(new Operation(this, step.Which % 3 == 1 ? Party.KeyThief : Party.Forger, Forged(step.Which)), finish: true); break;
            case Act.Advance: Pick(step.Which, operation => Watch(operation, operation.Advance)); break;
            case Act.Finish: Pick(step.Which, FinishNow); break;
            case Act.Lose: Pick(step.Which, operation => operation.Phase = operation.Phase is Phase.Sent or Phase.Answered ? Phase.Gone : operation.Phase); break;
            case Act.Crash: InFlight.ForEach(operation => operation.Phase = operation.Phase is Phase.Sent ? Phase.Sent : Phase.Gone); break;
            case Act.Wait: Move(Spans[step.Which % Spans.Length]); break;
            case Act.SetClock: Move(Spans[step.Which / 2 % Spans.Length] * (step.Which % 2 == 0 ? 1 : -1)); break;
            case Act.Failover: Failover(); break;
            default: Watch(by: null, () => ChangeAbove(step.Act)); break;
        }

        InFlight.RemoveAll(operation => operation.Phase is Phase.Gone);
    }

    private void ChangeAbove(Act act)
    {
        var now = State.Now;
        var subject = State.Subjects[Alice];
        switch (act)
        {
            case Act.Logout:
                Sessions.EndAsync([SessionEnd.Of(Row, EndReason.Logout, Alice.Value, now)], CancellationToken.None).Result();
                History.Logouts.Add(Tick());
                break;
            case Act.RaiseEpoch: Change(SubjectChange.EndAll(subject, EndReason.AllEnded, Alice.Value, now)); break;
            case Act.RaiseEra: subjects.TryRaiseEraAsync(EraChange.Raise(State.Era, by: null, now), CancellationToken.None).Result(); break;
            case Act.Disable:
                Change(SubjectChange.Disable(subject, by: null, now));
                Change(SubjectChange.Enable(State.Subjects[Alice], by: null, now));
                break;
            case Act.Restamp: Stamp = Bytes16.HashOf($"stamp {Random.Next()}"); break;
            case Act.Sweep when SessionLifetime.Expiry(Row, now) is { } reason:
                Sessions.TryExpireAsync(Row, SessionEnd.Of(Row, reason, by: null, now), CancellationToken.None).Result();
                break;
        }

        void Change(SubjectChange change) => subjects.TryChangeAsync(State.Subjects[Alice], change, CancellationToken.None).Result();
    }

    private void Start(Operation? operation, bool finish = false)
    {
        if (operation is null) return;
        InFlight.Add(operation);
        History.Operations.Add(operation);
        if (finish) FinishNow(operation);
    }

    private void FinishNow(Operation operation) => Watch(operation, operation.Finish);

    private void Pick(int which, Action<Operation> what)
    {
        if (InFlight.Count == 0) return;
        what(InFlight[which % InFlight.Count]);
    }

    private void Watch(Operation? by, Action what)
    {
        what();
        if (by?.ChildText is { } text && !issued.Contains(text)) issued.Add(text);
        var now = Stored;
        if (ReferenceEquals(now, Row)) return;
        History.Add(new Changed(by, Row, now));
        if (now.Generation > Row.Generation) beforeRotation = Row;
        Row = now;
    }

    // One rotation is lost, as when a replica takes over; ends are not (DESIGN §4.1, rule 8).
    private void Failover()
    {
        if (beforeRotation is not { } lost || Row.Ending is not null) return;
        State.Sessions[sid] = Row = lost;
        beforeRotation = null;
    }

    private void Move(TimeSpan span)
    {
        victim.Pass(span.Duration(), InFlight);
        time.Now += span;
    }

    private void Steal()
    {
        if (loot.Count > 0) return;
        Loot(victim.Token, victim.Text);
        History.Add(new Stolen(victim.Token));
    }

    private void Loot(RefreshToken token, string text)
    {
        loot.Add(text);
        lootTokens.Add(token);
    }

    // The newest token mostly; sometimes an older one, with the victim's attempt id, its own, or none.
    private Operation? ThiefSends(int which)
    {
        if (loot.Count == 0) return null;
        var at = which % 4 == 3 ? which / 4 % loot.Count : loot.Count - 1;
        Bytes16? attempt = Setup.LeaksAttempts ? Victim.AttemptOf(lootTokens[at]) : which % 2 == 0 ? null : Bytes16.HashOf($"thief {at}");
        return new Operation(this, Party.Thief, loot[at]) { Attempt = attempt };
    }

    private string Issued(int which) => issued[^(1 + (which % issued.Count))];

    private Operation Foreign(int which) => new(this, Party.Foreigner, Issued(which / 3))
    {
        ClientId = which % 3 == 0 ? "other" : Client,
        Transport = which % 3 == 0 ? SessionTransport.Body : SessionTransport.Cookie,
    };

    // The right words under other keys; a real token with one character changed; the right key without the session's salt (it leaked).
    private string Forged(int which)
    {
        var next = new RefreshToken(sid, Math.Max(1, Row.Generation + 1 - (which / 3 % 3)), Random.NextInt64());
        if (which % 3 == 0) return next.Write(Row.Salt, StrangeKeys);
        if (which % 3 == 1) return next.Write(new Bytes16(Row.Salt.Value ^ 1), Keys);
        var (text, at) = (Issued(which / 3), Random.Next(10, 60)); // between the key id and the proof
        return $"{text[..at]}{(text[at] == 'A' ? 'B' : 'A')}{text[(at + 1)..]}";
    }

    private History Close()
    {
        InFlight.Clear();
        if (Setup.Honest && victim.Send(this) is { } last)
        {
            History.Epilogue = last;
            FinishNow(last);
        }

        (History.LastRow, History.LastSubject, History.LastEra) = (Row, State.Subjects[Alice], State.Era);
        History.RevokedSoFar = new RevokedSoFar(State.Revocations);
        return History;
    }

    private Session NewSession()
    {
        var (expiresAt, endsAt) = SessionLifetime.Default.Start(T0, remember: Setup.Seed % 5 != 0);
        return new Session
        {
            Id = new SessionId(new Guid("01890a5d-ac96-774b-bcce-b302099a8057")),
            Subject = Alice,
            ClientId = Client,
            Device = new Device("device", Name: null, Type: null),
            CreatedAt = T0,
            AuthTime = T0,
            Transport = SessionTransport.Body,
            Remember = true,
            Salt = new Bytes16((UInt128)Random.NextInt64()),
            ConfirmedAt = T0,
            LastSeenAt = T0,
            ExpiresAt = expiresAt,
            EndsAt = endsAt,
            Era = 0,
            Epoch = 0,
            Stamp = Bytes16.HashOf("stamp"),
        };
    }

    private static RefreshTokenKeys KeysOf(byte fill) => new(new MasterKeys([(1, [.. Enumerable.Repeat(fill, MasterKeys.Size)])]), "https://id.example");

    private sealed class ManualTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
