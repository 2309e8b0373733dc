using Symbolon.Keys;
using Symbolon.Refresh;
using Symbolon.Sessions;

namespace Symbolon;

/// <summary>Records to begin from; tests change what they are about.</summary>
internal static class Some
{
    public static readonly DateTimeOffset T0 = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    public static readonly SubjectId Alice = new("alice");
    public static readonly Subject Account = Subject.New(Alice);
    public static readonly Bytes16 Stamp = Bytes16.HashOf("stamp");
    public static readonly Bytes16 Salt = new(0x5A17);
    public static readonly SessionId Sid = new(new Guid("01890a5d-ac96-774b-bcce-b302099a8057"));
    public static readonly RefreshPolicy Policy = new();

    /// <summary>A session whose token (generation 5, branch 50) was confirmed at <see cref="T0"/>.</summary>
    public static readonly Session Row = new()
    {
        Id = Sid,
        Subject = Alice,
        ClientId = "web",
        Device = new Device("device-1", "Laptop", "browser"),
        CreatedAt = T0.AddDays(-1),
        AuthTime = T0.AddDays(-1),
        Transport = SessionTransport.Body,
        Remember = true,
        Generation = 5,
        Branch = 50,
        Salt = Salt,
        ConfirmedAt = T0,
        LastSeenAt = T0,
        ExpiresAt = T0.AddDays(14),
        EndsAt = T0.AddDays(89),
        Era = 3,
        Epoch = 0,
        Stamp = Stamp,
    };

    public static SessionFacts Facts(Session? session = null, DateTimeOffset? now = null, int era = 3) =>
        new(session ?? Row, Account, era, now ?? T0.AddSeconds(1));

    public static PresentedRefreshToken Token(int generation, long branch = 50, Bytes16? attempt = null) =>
        new(new RefreshToken(Sid, generation, branch), IsProven: true, ClientId: "web", SessionTransport.Body, attempt);

    public static SessionId Id(int number) => new(new Guid($"01890a5d-ac96-774b-bcce-{number:x12}"));

    public static byte[] Secret(byte fill) => [.. Enumerable.Repeat(fill, MasterKeys.Size)];

    public static MasterKeys Masters(params (byte Id, byte Fill)[] keys) => new([.. keys.Select(key => (key.Id, Secret(key.Fill)))]);

    public static RefreshTokenKeys MacKeys(byte id = 7, byte fill = 1, string issuer = "https://id.example") => new(Masters((id, fill)), issuer);
}
