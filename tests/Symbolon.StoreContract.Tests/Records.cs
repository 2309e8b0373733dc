using Symbolon.Sessions;

namespace Symbolon.StoreContract;

/// <summary>Records that tests write.</summary>
internal static class Records
{
    public static readonly DateTimeOffset T0 = ManualTime.T0;
    public static readonly SubjectId Alice = new("alice"), Bob = new("bob");

    public static SessionId Id(int number) => new(Guid.Parse($"01900000-0000-7000-8000-{number:x12}"));

    public static Bytes16 Hash(int number) => new((UInt128)number);

    /// <summary>A session with every member set, in whole milliseconds.</summary>
    public static Session Session(int number, SubjectId? subject = null) => new()
    {
        Id = Id(number),
        Subject = subject ?? Alice,
        ClientId = "web",
        Device = new Device($"device-{number}", "Laptop ☃", "browser"),
        CreatedAt = T0,
        AuthTime = T0.AddSeconds(-1),
        Acr = "urn:acr:1",
        Amr = "pwd otp",
        Scope = "openid profile",
        IpAddress = "192.0.2.7",
        UserAgent = "Mozilla/5.0",
        Transport = SessionTransport.Cookie,
        Remember = true,
        Generation = 0,
        Branch = -7,
        Salt = Hash(1000 + number),
        ConfirmedAt = T0,
        LastSeenAt = T0,
        ExpiresAt = T0.AddDays(14),
        EndsAt = T0.AddDays(90),
        Era = 0,
        Epoch = 0,
        Stamp = Hash(5),
        ConfirmationThumbprint = "thumb",
    };

    public static SessionStart Start(Session session) => SessionStart.Plan(session, [], limit: 100, session.CreatedAt);

    public static Session Next(Session read, long branch = 1) => read with
    {
        Generation = read.Generation + 1,
        Branch = branch,
        ConfirmedAt = T0.AddMinutes(1),
        Attempts = AttemptHashes.Of(Hash((int)branch)),
        Superseded = SupersededTokens.After(read, T0.AddMinutes(1), TimeSpan.FromSeconds(10)),
        LastSeenAt = T0.AddMinutes(1),
        ExpiresAt = T0.AddDays(15),
    };

    public static SessionEvent Refreshed(Session next) => new(EventKind.SessionRefreshed, T0.AddMinutes(1), next.Id, next.Subject, next.Generation);

    public static SessionEvent Retried(Session row) => new(EventKind.SessionRetried, T0.AddMinutes(2), row.Id, row.Subject, row.Generation);

    public static async Task<Session> StartedAsync(this Stores stores, int number, SubjectId? subject = null, Func<Session, Session>? with = null)
    {
        var session = Session(number, subject);
        if (with is not null) session = with(session);
        var live = await stores.Sessions.LiveOfAsync(session.Subject, session.CreatedAt, default);
        Assert.True(await stores.Sessions.TryStartAsync(Start(session), [.. live.Select(row => row.Id)], default));
        return session;
    }

    public static async Task<Session> RotatedAsync(this Stores stores, Session read, long branch = 1)
    {
        var next = Next(read, branch);
        Assert.True(await stores.Sessions.TryRotateAsync(read, next, Refreshed(next), default));
        return next;
    }

    public static async Task<Session?> FindAsync(this Stores stores, SessionId id) => (await stores.Sessions.FindAsync(id, default)).Session;

    public static async Task<IReadOnlyList<EventKind>> KindsAsync(this Stores stores, SessionId? session = null, SubjectId? subject = null) =>
        [.. (await stores.Events.ListAsync(new(session, subject, Before: null, Take: 200), default)).Select(logged => logged.Event.Kind)];
}
