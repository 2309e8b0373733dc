using Symbolon.Authority.Accounts;
using Symbolon.Authority.Ports;
using Symbolon.Jose;
using Symbolon.Keys;
using Symbolon.Revocation;
using Symbolon.Sessions;
using Symbolon.Storage.Copy;
using static Symbolon.StoreContract.Records;

namespace Symbolon.StoreContract.Copy;

/// <summary>A store that was moved goes on: through the ports it is what it was, and what comes is numbered after what has been.</summary>
public sealed class CopiedStoreTests
{
    [Theory]
    [InlineData("sqlite", "postgresql")]
    [InlineData("postgresql", "sqlite")]
    public async Task Ports_GoOn_OnTheCopy(string engine, string other)
    {
        using var old = Make(engine);
        var (session, gone) = (await old.StartedAsync(1, new SubjectId("al\0ice")), await old.StartedAsync(2));
        session = await old.RotatedAsync(session);
        await old.Sessions.EndAsync([SessionEnd.Of(gone, EndReason.Logout, null, T0)], default);
        await old.Revocations.AppendTokenAsync(RevocationEntry.OfToken("jti", T0), new SessionEvent(EventKind.TokenRevoked, T0, session.Id), 5, default);
        var key = new RingKey("k", JwsAlgorithm.ES256, [1, 0, 255], T0, T0.AddMinutes(15));
        await old.Keys.TrySaveAsync(new SigningKeyRing([key], 1), entry: null, new SessionEvent(EventKind.KeyAnnounced, T0, Reason: "k"), default);
        await old.Keys.TryAddFingerprintsAsync(["1:aa", "2:bb"], default);
        var user = new SymbolonUser { UserName = "Zoë", NormalizedUserName = "ZOË", CreatedAt = T0, Roles = ["admin"] };
        await old.Users.CreateAsync(user, default);
        var (log, events) = ((await old.Revocations.ReadAsync(null, 100, default))!, await EventsAsync(old));

        using var copy = Make(other);
        Assert.Empty((await new StoreCopy(TimeProvider.System).RunAsync(StoreAddress.Parse("--from", Address(old)), StoreAddress.Parse("--to", Address(copy)), default)).Differences);

        Assert.Equivalent(session, await copy.FindAsync(session.Id), strict: true);
        Assert.Equivalent(await old.FindAsync(gone.Id), await copy.FindAsync(gone.Id), strict: true);
        Assert.Equivalent(user, await copy.Users.FindByNameAsync("ZOË", default), strict: true);
        Assert.Equal(events, await EventsAsync(copy));
        var page = (await copy.Revocations.ReadAsync(null, 100, default))!;
        Assert.NotEqual(log.Timeline, page.Timeline);
        Assert.Equal((log.Seq, log.Newest), (page.Seq, page.Newest));
        Assert.Equal(log.Entries, page.Entries);
        Assert.Equal(await RingAsync(old), await RingAsync(copy));

        await copy.RotatedAsync(session, branch: 2);
        Assert.Equal(TokenAppend.Known, await copy.Revocations.AppendTokenAsync(RevocationEntry.OfToken("jti", T0), new SessionEvent(EventKind.TokenRevoked, T0), 5, default));
        Assert.Equal(TokenAppend.Appended, await copy.Revocations.AppendTokenAsync(RevocationEntry.OfToken("next", T0), new SessionEvent(EventKind.TokenRevoked, T0), 5, default));
        Assert.Equal(log.Newest + 1, (await copy.Revocations.ReadAsync(log.Newest, 100, default))!.Seq);
        Assert.True(await copy.Keys.TryAddFingerprintsAsync(["1:aa", "3:cc"], default));
        Assert.Equal(["1:aa", "2:bb", "3:cc"], (await copy.Keys.LoadAsync(default)).Fingerprints);
        var later = await EventsAsync(copy);
        Assert.Equal(events, later[^events.Count..]);
        Assert.All(later[..^events.Count], logged => Assert.True(logged.Id > events[0].Id));
    }

    [Fact]
    public async Task NumbersOfWhatIsGone_DoNotComeAgain()
    {
        using var source = await Place.FilledAsync("sqlite", rows: 2);
        using var copy = new PostgresStores();
        Assert.Empty((await new StoreCopy(TimeProvider.System).RunAsync(source.From, StoreAddress.Parse("--to", Address(copy)), default)).Differences);
        await copy.Revocations.AppendTokenAsync(RevocationEntry.OfToken("next", T0), new SessionEvent(EventKind.TokenRevoked, T0), 5, default);
        Assert.Equal(OddRows.LastRevocation + 1, (await copy.Revocations.ReadAsync(OddRows.LastRevocation, 10, default))!.Newest);
        Assert.Equal(OddRows.LastEvent + 1, (await copy.Events.ListAsync(new(null, null, null, 1), default))[0].Id);
    }

    private static Stores Make(string engine) => engine == "sqlite" ? new SqliteStores() : new PostgresStores();

    private static string Address(Stores stores) => stores is SqliteStores sqlite ? $"sqlite:Data Source={sqlite.File}" : $"postgresql:{((PostgresStores)stores).ConnectionString}";

    private static async Task<List<LoggedEvent>> EventsAsync(Stores stores) => [.. await stores.Events.ListAsync(new(null, null, null, 200), default)];

    private static async Task<string> RingAsync(Stores stores)
    {
        var contents = await stores.Keys.LoadAsync(default);
        return string.Join(", ", [$"{contents.Ring.Version}", .. contents.Ring.Keys.Select(key => $"{key with { Sealed = default }} {Convert.ToHexString(key.Sealed.AsSpan())}"), .. contents.Fingerprints]);
    }
}
