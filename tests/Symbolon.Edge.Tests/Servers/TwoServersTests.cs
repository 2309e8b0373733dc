using System.Diagnostics;
using System.Text.Json;
using Symbolon.Edge.Processes;
using Symbolon.Testing;

namespace Symbolon.Edge.Servers;

/// <summary>Two servers on one SQLite file, and verifiers that follow one of them each.</summary>
public sealed class TwoServersTests : IAsyncLifetime
{
    private const int Sessions = 40;
    private ServerProcess first = null!, second = null!;
    private AuthorityCalls atFirst = null!, atSecond = null!;
    private Relay relay = null!;
    private ApiProcess[] apis = [];
    private SignedIn administrator = null!, honest = null!;
    private SignedIn[] sessions = [], more = [];

    public async ValueTask InitializeAsync()
    {
        first = await Authorities.StartAsync();
        second = await Authorities.StartAsync(
            ("ConnectionStrings:Symbolon", $"Data Source={Path.Combine(first.Folder, "symbolon.db")}"), ("Symbolon:Issuer", first.Address.GetLeftPart(UriPartial.Authority)), ("Symbolon:SigningKeys:PollEvery", "00:01:00"));
        (atFirst, atSecond) = (new AuthorityCalls(first), new AuthorityCalls(second));
        relay = Relay.To(second.Address.Port); // one issuer; what goes to it goes to the other server
        var starting = Task.WhenAll(
            ApiProcess.StartAsync(new ApiSettings("at-first", first.Address)), ApiProcess.StartAsync(new ApiSettings("at-second", first.Address) { Via = relay.Port }));
        await using (var seed = await Seed.OpenAsync(first))
        {
            administrator = await seed.StartAsync(await seed.NewAccountAsync("admin"));
            honest = await seed.StartAsync();
            sessions = await seed.StartManyAsync(Sessions);
            more = await seed.StartManyAsync(40);
        }

        apis = await starting;
        foreach (var api in apis) await api.AcceptsAsync(honest.AccessToken);
    }

    public async ValueTask DisposeAsync()
    {
        atFirst?.Dispose();
        atSecond?.Dispose();
        foreach (var api in apis) await api.DisposeAsync();
        if (relay is not null) await relay.DisposeAsync();
        if (second is not null) await second.DisposeAsync();
        if (first is not null) await first.DisposeAsync();
    }

    [Fact]
    public async Task Revoked_IsRefusedEverywhere_WhicheverServerWasTold_AndTheLogHasOneOrder()
    {
        Assert.NotEqual(0, relay.Count("/revocations")); // it does follow the other server
        foreach (var (told, own, session) in new[] { (atFirst, apis[0], sessions[0]), (atSecond, apis[1], sessions[1]) })
        {
            var receipt = await EndAsync(told, session);
            Assert.Equal((2, 2), Counts(receipt)); // one of each server
            Assert.Equal("token_revoked", await own.CheckAsync(session.AccessToken));
            foreach (var api in apis) await api.SaysAsync(session.AccessToken, "token_revoked");
        }

        var token = await VerifierTokenAsync();
        var before = (await PageAsync(atFirst, token, since: 0)).GetProperty("newest").GetInt64();
        using var done = new CancellationTokenSource();
        var readers = new[] { atFirst, atSecond }.Select(server => ReadAsync(server, token, before, done.Token)).ToArray();
        await Task.WhenAll(sessions.Skip(2).Select((session, i) => EndAsync(i % 2 == 0 ? atFirst : atSecond, session, wait: "0ms")));
        foreach (var api in apis)
        {
            foreach (var session in sessions) await api.SaysAsync(session.AccessToken, "token_revoked");
            Assert.Null(await api.CheckAsync(honest.AccessToken));
        }

        await done.CancelAsync();
        var seen = await Task.WhenAll(readers);
        var all = (await PageAsync(atSecond, token, before)).GetProperty("entries").EnumerateArray().Select(Entry).ToList();
        Assert.Equal(Enumerable.Range(1, Sessions - 2).Select(i => before + i), all.Select(entry => entry.Seq));
        Assert.Equal(sessions.Skip(2).Select(session => session.Session).Order(), all.Select(entry => entry.Session).Order());
        Assert.All(seen, one => Assert.Equal(all, one)); // nobody who had read n later met an entry up to n [I12]
        await ReceiptIsCertainAsync_UntilAVerifierStandsStill();
        await RemoveKeyAsync();
        await ReceiptIsNotCertainAsync_WhenTheOtherServerIsKilled();
    }

    private async Task ReceiptIsCertainAsync_UntilAVerifierStandsStill()
    {
        var isCertain = false;
        for (var i = 0; i < more.Length - 1 && !isCertain; i++) // what made the sessions was a server, too, and has not been gone for long
        {
            var receipt = await EndAsync(atFirst, more[i]);
            Assert.Equal((2, 2), Counts(receipt));
            isCertain = receipt.TryGetProperty("certain_at", out _);
        }

        Assert.True(isCertain);
        await apis[1].PauseAsync();
        var late = await EndAsync(atFirst, more[^1], wait: "2s");
        apis[1].Resume();
        Assert.Equal((2, 1), Counts(late));
        Assert.Equal("at-second", Assert.Single(late.GetProperty("late_verifiers").EnumerateArray()).GetString());
    }

    private async Task ReceiptIsNotCertainAsync_WhenTheOtherServerIsKilled()
    {
        administrator = SignedIn.Of(await atFirst.RequireAsync(HttpMethod.Post, "/auth/refresh", body: new { refresh_token = administrator.RefreshToken }), administrator.Subject);
        await second.KillAsync();
        var receipt = await EndAsync(atFirst, honest, wait: "1s");
        Assert.Equal(2, receipt.GetProperty("servers").GetInt32());
        Assert.False(receipt.TryGetProperty("certain_at", out _));
    }

    private static (int Verifiers, int Acknowledged) Counts(JsonElement receipt) => (receipt.GetProperty("verifiers").GetInt32(), receipt.GetProperty("acknowledged").GetInt32());

    // It goes on signing at the other server until that one looks: sooner than it would by itself.
    private async Task RemoveKeyAsync()
    {
        var keys = (await atFirst.RequireAsync(HttpMethod.Get, "/admin/keys", administrator.AccessToken)).Json!.Value.GetProperty("items").EnumerateArray();
        await atFirst.RequireAsync(HttpMethod.Delete, $"/admin/keys/{Assert.Single(keys).GetProperty("kid").GetString()}?wait=3s", administrator.AccessToken);
        var removedAt = Stopwatch.GetTimestamp();
        Assert.NotNull(await apis[0].CheckAsync(honest.AccessToken));
        var next = honest.RefreshToken;
        await Patiently.TrueAsync(async () =>
        {
            var refreshed = SignedIn.Of(await atSecond.RequireAsync(HttpMethod.Post, "/auth/refresh", body: new { refresh_token = next }), honest.Subject);
            next = refreshed.RefreshToken;
            return await apis[0].CheckAsync(refreshed.AccessToken) is null && await apis[1].CheckAsync(refreshed.AccessToken) is null;
        }, () => "The other server goes on with the removed key.");
        Assert.InRange(Stopwatch.GetElapsedTime(removedAt), TimeSpan.Zero, TimeSpan.FromSeconds(3));
    }

    // A reader as quick as can be: it goes on from the newest number that it was told, whatever it was given up to there.
    private static async Task<List<(long Seq, string Session)>> ReadAsync(AuthorityCalls server, string token, long since, CancellationToken ct)
    {
        var entries = new List<(long, string)>();
        for (var last = false; ; last = ct.IsCancellationRequested)
        {
            var page = await PageAsync(server, token, since);
            entries.AddRange(page.GetProperty("entries").EnumerateArray().Select(Entry));
            since = page.GetProperty("seq").GetInt64();
            if (last) return entries;
        }
    }

    private static (long Seq, string Session) Entry(JsonElement entry) => (entry.GetProperty("seq").GetInt64(), entry.GetProperty("sid").GetString()!);

    private async Task<JsonElement> EndAsync(AuthorityCalls server, SignedIn session, string wait = "3s") =>
        (await server.RequireAsync(HttpMethod.Delete, $"/admin/sessions/{session.Session}?wait={wait}", administrator.AccessToken)).Json!.Value.GetProperty("receipt");

    private static async Task<JsonElement> PageAsync(AuthorityCalls server, string token, long since) =>
        (await server.RequireAsync(HttpMethod.Get, $"/revocations?since={since}", token)).Json!.Value;

    private async Task<string> VerifierTokenAsync() => (await atFirst.RequireAsync(HttpMethod.Post, "/oauth/token", body: new Dictionary<string, string>
    {
        ["grant_type"] = "client_credentials", ["scope"] = "revocations", ["client_id"] = Authorities.VerifierId, ["client_secret"] = Authorities.VerifierSecret,
    })).Member("access_token")!;
}
