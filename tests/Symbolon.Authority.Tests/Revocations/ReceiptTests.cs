using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Symbolon.Authority.Tests.OAuth;
using Symbolon.Authority.Tests.Support;

namespace Symbolon.Authority.Tests.Revocations;

/// <summary><c>?wait=</c>: who is waited for, what is said to whom, and that nobody waits who may not.</summary>
public sealed class ReceiptTests : IAsyncLifetime
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private readonly FiringTime clock = new();
    private TestServer server = null!;
    private string token = "";

    public async ValueTask InitializeAsync()
    {
        server = await FeedServer.StartAsync(clock);
        token = await FeedReader.TokenAsync(server);
        clock.Advance(OtherServers.Settle);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Receipt_ComesAtOnce_WhenNoVerifierIsKnown()
    {
        var (_, user) = await server.RegisterAsync();

        var answer = (await server.PostAsync("/auth/logout?wait=5s", null, user.AccessToken)).Is(200);

        Assert.Equal(["receipt"], answer.Members);
        Assert.Equal(["seq", "verifiers", "acknowledged", "late", "certain_at"], answer["receipt"].EnumerateObject().Select(member => member.Name));
        Assert.Equal((1, 0, 0, 0, clock.GetUtcNow()), Read(answer));
    }

    [Fact]
    public async Task LogOut_IsAnswered_ThoughItEndsTheSessionOfItsOwnToken() // its connection was cut when the entry came while it answered
    {
        for (var i = 0; i < 100; i++)
        {
            var user = (await server.RegisterAsync()).Tokens;
            (await server.PostAsync($"/auth/logout{(i % 2 == 0 ? "" : "?wait=1s")}", null, user.AccessToken)).Is(i % 2 == 0 ? 204 : 200);
        }
    }

    [Fact]
    public async Task Receipt_WaitsForAllVerifiers_WhichAreTold()
    {
        await using var reader = await FeedReader.OpenAsync(server, token);
        await server.AcknowledgeAsync(token, 0, "api");
        await server.AcknowledgeAsync(token, 0, "web");
        var (_, user) = await server.RegisterAsync();

        var waiting = server.PostAsync("/auth/logout?wait=5s", null, user.AccessToken);

        Assert.Equal(1, (await reader.NextAsync("entry")).Id);
        Assert.Equal(1, (await reader.NextAsync("receipt")).Seq);
        await server.AcknowledgeAsync(token, 1, "api");
        Assert.False(waiting.IsCompleted);
        await server.AcknowledgeAsync(token, 1, "web");
        Assert.Equal((1, 2, 2, 0, clock.GetUtcNow()), Read((await waiting).Is(200)));
    }

    [Fact]
    public async Task Receipt_SaysWhoIsLate_WhenTheTimeIsOver()
    {
        await server.AcknowledgeAsync(token, 0, "api", "1");
        await server.AcknowledgeAsync(token, 0, "api", "2");
        await server.AcknowledgeAsync(token, 0, "web", maxStaleness: 60, whenStale: "ask");
        var (_, user) = await server.RegisterAsync();
        var began = clock.GetUtcNow();
        server.Get<Acknowledgements>().TryTake(new("gateway", "quick", "1"), new(await server.TimelineAsync(), 1, TimeSpan.Zero, AspNetCore.WhenStale.Deny, clock.GetTimestamp()));

        var answer = await clock.AdvanceUntilAsync(server.PostAsync("/auth/logout?wait=500ms", null, user.AccessToken), Step);

        Assert.Equal((1, 4, 1, 3, began.AddSeconds(60)), Read(answer.Is(200)));
        Assert.True(clock.GetUtcNow() >= began.AddMilliseconds(500));
    }

    [Fact]
    public async Task Receipt_WaitsForNoneThatRefusesAlready_AndSaysSinceWhen()
    {
        await server.AcknowledgeAsync(token, 0, "dead", maxStaleness: 5);
        clock.Advance(TimeSpan.FromSeconds(5));
        var (_, user) = await server.RegisterAsync();

        var answer = (await server.PostAsync("/auth/logout?wait=5s", null, user.AccessToken)).Is(200);

        Assert.Equal((1, 1, 0, 1, clock.GetUtcNow()), Read(answer));
    }

    [Fact]
    public async Task Receipt_IsNeverCertain_WhenALateVerifierGoesOnForEver()
    {
        await server.AcknowledgeAsync(token, 0, "lax", whenStale: "allow");
        var (_, user) = await server.RegisterAsync();

        var answer = await clock.AdvanceUntilAsync(server.PostAsync("/auth/logout?wait=200ms", null, user.AccessToken), Step);

        Assert.Equal((1, 1, 0, 1, null), Read(answer.Is(200)));
    }

    [Fact]
    public async Task Receipt_IsNotCertain_WhileAServerThatHasJustStartedMayNotKnowItsVerifiers()
    {
        await using var young = await FeedServer.StartAsync(clock);
        var (_, user) = await young.RegisterAsync();

        var waiting = young.PostAsync("/auth/logout?wait=200ms", null, user.AccessToken);

        Assert.Equal((1, 0, 0, 0, null), Read((await clock.AdvanceUntilAsync(waiting, Step)).Is(200)));
    }

    [Fact]
    public async Task Receipt_IsWithTheAnswer_OfEachCallThatRevokes()
    {
        server.Get<Acknowledgements>().TryTake(new("gateway", "api", "1"), new(await server.TimelineAsync(), 1_000_000, TimeSpan.Zero, AspNetCore.WhenStale.Deny, clock.GetTimestamp()));
        foreach (var (call, members) in Calls())
        {
            var user = (await server.RegisterAsync()).Tokens;
            var answer = await call(user, await server.AdminAsync(), "?wait=1s");
            Assert.Equal(members, answer.Is(200).Members.Contains("receipt") ? answer.Members.Where(member => member is "receipt" or "ended" or "sub" or "access_token") : []);
            Assert.Equal((await server.NewestAsync(), 1, 1, 0, clock.GetUtcNow()), Read(answer));
        }
    }

    [Fact]
    public async Task Wait_IsRefusedBeforeAnythingIsDone_WhenItIsMalformed()
    {
        foreach (var (call, _) in Calls())
        {
            var user = (await server.RegisterAsync()).Tokens;
            foreach (var wait in new[] { "", "1", "s", "ms", "-1s", "1.5s", " 1s", "1S", "1000000000ms", "1m", "1s&wait=1s" })
                Assert.Equal(400, (await call(user, await server.AdminAsync(), $"?wait={wait}")).Status);
            (await server.GetAsync("/auth/me", user.AccessToken)).Is(200);
        }
    }

    [Fact]
    public async Task Names_AreForAdministratorsOnly()
    {
        await server.AcknowledgeAsync(token, 0, "web", "1");
        await server.AcknowledgeAsync(token, 0, "web", "2");
        await server.AcknowledgeAsync(token, 0, "api");
        var user = (await server.RegisterAsync()).Tokens;

        var own = await clock.AdvanceUntilAsync(server.DeleteAsync("/auth/sessions?scope=others&wait=100ms", user.AccessToken), Step);
        var admin = await clock.AdvanceUntilAsync(AdminEndsAsync(user), Step);

        Assert.Equal(0, own.Is(200)["receipt"].GetProperty("late").GetInt32()); // nothing is in the log yet
        Assert.Equal(["api", "web"], admin.Is(200)["receipt"].GetProperty("late_verifiers").EnumerateArray().Select(name => name.GetString()));
        var late = await clock.AdvanceUntilAsync(server.PostAsync("/auth/logout?wait=100ms", new { refresh_token = (await server.RegisterAsync()).Tokens.RefreshToken }), Step);
        Assert.Equal(3, late.Is(200)["receipt"].GetProperty("late").GetInt32());
        Assert.DoesNotContain("web", late.Text, StringComparison.Ordinal);

        async Task<Answer> AdminEndsAsync(Answer user) => await server.DeleteAsync($"/admin/sessions/{user.SessionId}?wait=100ms", await server.AdminAsync());
    }

    [Fact]
    public async Task Wait_HoldsNobody_WhoHasEndedNothing()
    {
        await server.AcknowledgeAsync(token, 0);
        await server.RevokeAsync(); // somebody is late: a wait would last
        var ended = (await server.RegisterAsync()).Tokens;
        (await server.PostAsync("/auth/logout", null, ended.AccessToken)).Is(204);

        (await server.PostAsync("/auth/logout?wait=5s")).Is(204);
        (await server.PostAsync("/auth/logout?wait=5s", null, "a.b.c")).Is(204);
        (await server.PostAsync("/auth/logout?wait=5s", new { refresh_token = "srt_nonsense" })).Is(204);
        (await server.PostAsync("/auth/logout?wait=5s", new { refresh_token = ended.RefreshToken })).Is(204);
        Assert.Empty((await server.FormAsync("/oauth/revoke?wait=5s", ("token", "srt_nonsense"), ("client_id", "web"))).Is(200).Text);
        Assert.Empty((await server.FormAsync("/oauth/revoke?wait=5s", ("token", ended.RefreshToken), ("client_id", "web"))).Is(200).Text);
    }

    [Fact]
    public async Task Wait_IsCutToFiveSeconds_AndEndsWhenTheServerStops()
    {
        await server.AcknowledgeAsync(token, 0, maxStaleness: 3600);
        var (began, (_, user)) = (clock.GetUtcNow(), await server.RegisterAsync());

        var answer = await clock.AdvanceUntilAsync(server.PostAsync("/auth/logout?wait=3600s", null, user.AccessToken), Step);

        Assert.Equal(1, answer.Is(200)["receipt"].GetProperty("late").GetInt32());
        Assert.InRange(clock.GetUtcNow() - began, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30));
        await using var reader = await FeedReader.OpenAsync(server, token);
        var next = (await server.RegisterAsync()).Tokens;
        var waiting = server.PostAsync("/auth/logout?wait=5s", null, next.AccessToken);
        await reader.NextAsync("receipt");
        server.Get<IHostApplicationLifetime>().StopApplication();
        (await waiting).Is(200);
    }

    [Fact] // regression: callers that change nothing made the server count for them
    public async Task Wait_HoldsNobody_WhoseCallEndedNothing()
    {
        await server.AcknowledgeAsync(token, 0, whenStale: "allow");
        await server.RevokeAsync();
        await server.SeenAsync();
        var user = (await server.RegisterAsync()).Tokens;

        var answer = (await server.DeleteAsync("/auth/sessions?scope=others&wait=5s", user.AccessToken)).Is(200);

        Assert.Equal((1, 1, 0, 1, null), Read(answer));
    }

    [Fact]
    public async Task Wait_IsForSoManyAtOnce_OfOneSession()
    {
        await server.AcknowledgeAsync(token, 0, whenStale: "allow");
        var (receipts, mine, newest) = (server.Get<Receipts>(), Symbolon.Sessions.SessionId.Read(new byte[16]), (await server.TimelineAsync(), await server.RevokeAsync() - 1));
        Task<Receipt>[] most = [.. Enumerable.Range(0, Receipts.MostOfOne).Select(_ => WaitAsync(mine))];

        Assert.Equal(1, (await WaitAsync(mine)).Count.Open);
        var another = WaitAsync(null);
        Assert.All([.. most, another], one => Assert.False(one.IsCompleted));
        await clock.AdvanceUntilAsync(Task.WhenAll([.. most, another]), Step);
        Assert.False(WaitAsync(mine).IsCompleted);

        Task<Receipt> WaitAsync(Symbolon.Sessions.SessionId? caller) => receipts.OfNewestAsync(TimeSpan.FromSeconds(5), caller, newest, default);
    }

    private IEnumerable<(Func<Answer, string, string, Task<Answer>> Call, string[] Members)> Calls() =>
    [
        ((user, _, wait) => server.PostAsync($"/auth/logout{wait}", new { refresh_token = user.RefreshToken }), ["receipt"]),
        ((user, _, wait) => server.DeleteAsync($"/auth/sessions/{user.SessionId}{wait}", user.AccessToken), ["receipt"]),
        ((user, _, wait) => server.DeleteAsync($"/auth/sessions{wait}&scope=others", user.AccessToken), ["ended", "receipt"]),
        ((user, _, wait) => server.DeleteAsync($"/auth/sessions{wait}&scope=all", user.AccessToken), ["receipt"]),
        ((user, _, wait) => server.PostAsync($"/auth/password{wait}", new { current_password = TestServer.Password, new_password = "another good one" }, user.AccessToken), ["access_token", "receipt"]),
        ((user, _, wait) => server.DeleteAsync($"/auth/account{wait}", user.AccessToken, new { password = TestServer.Password }), ["receipt"]),
        ((user, _, wait) => server.FormAsync($"/oauth/revoke{wait}", ("token", user.RefreshToken), ("client_id", "web")), ["receipt"]),
        ((user, admin, wait) => server.PatchAsync($"/admin/users/{Subject(user)}{wait}", new { disabled = true }, admin), ["sub", "receipt"]),
        ((user, admin, wait) => server.PostAsync($"/admin/users/{Subject(user)}/end-sessions{wait}", null, admin), ["receipt"]),
        ((user, admin, wait) => server.DeleteAsync($"/admin/sessions/{user.SessionId}{wait}", admin), ["receipt"]),
        ((_, admin, wait) => server.DeleteAsync($"/admin/keys/{Kid(admin)}{wait}", admin), ["receipt"]),
        ((_, admin, wait) => server.PostAsync($"/admin/end-all{wait}", null, admin), ["receipt"]),
    ];

    private static string Subject(Answer tokens) => tokens.AccessToken.Claims().GetProperty("sub").GetString()!;

    internal static string Kid(string token) => JsonElement.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[0])).GetProperty("kid").GetString()!;

    private static (long, int, int, int, DateTimeOffset?) Read(Answer answer)
    {
        var receipt = answer["receipt"];
        return (receipt.GetProperty("seq").GetInt64(), receipt.GetProperty("verifiers").GetInt32(), receipt.GetProperty("acknowledged").GetInt32(),
            receipt.GetProperty("late").GetInt32(), receipt.TryGetProperty("certain_at", out var at) ? at.GetDateTimeOffset() : null);
    }
}
