using System.Text;
using Symbolon.Authority.Ports;
using Symbolon.Authority.Tests.OAuth;
using Symbolon.Authority.Tests.Support;
using Symbolon.Revocation;
using Symbolon.Sessions;

namespace Symbolon.Authority.Tests.Revocations;

/// <summary>GET /revocations: snapshots and tails, and who may have them.</summary>
public sealed class RevocationPageTests : IAsyncLifetime
{
    private readonly FiringTime clock = new();
    private TestServer server = null!;

    public async ValueTask InitializeAsync() => server = await FeedServer.StartAsync(clock);

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Get_AnswersASnapshot_ThatAVerifierCanFold()
    {
        var (_, user) = await server.RegisterAsync();
        (await server.PostAsync("/auth/logout", null, user.AccessToken)).Is(204);

        var answer = (await server.GetAsync("/revocations", await FeedReader.TokenAsync(server))).Is(200);

        var page = RevocationJson.ReadPage(Encoding.UTF8.GetBytes(answer.Text));
        Assert.Equal((await server.TimelineAsync(), null, 1, 1, clock.GetUtcNow()), (page.Timeline, page.Since, page.Seq, page.Newest, page.Now));
        Assert.Equal((RevocationKind.Session, user.SessionId, "logout"), (page.Entries[0].Entry!.Kind, page.Entries[0].Entry!.Key, page.Entries[0].Entry!.Reason));
        Assert.Equal(RevocationTake.Taken, RevocationView.None.With(page).Take);
        Assert.Equal(("no-store", "application/json"), (answer.Header("Cache-Control"), answer.MediaType));
        Assert.Equal(["timeline", "seq", "newest", "now", "max_token_age", "entries"], answer.Members);
        Assert.Equal(3600, answer["max_token_age"].GetInt32());
    }

    [Fact]
    public async Task Get_AnswersTheTail_OfSince()
    {
        await server.RevokeAsync(3);
        var token = await FeedReader.TokenAsync(server);

        var tail = (await server.GetAsync("/revocations?since=1", token)).Is(200);

        Assert.Equal([2L, 3], tail["entries"].EnumerateArray().Select(entry => entry.GetProperty("seq").GetInt64()));
        Assert.Equal((1, 3, 3), (tail["since"].GetInt64(), tail["seq"].GetInt64(), tail["newest"].GetInt64()));
        Assert.Empty((await server.GetAsync("/revocations?since=3", token)).Is(200)["entries"].EnumerateArray());
    }

    [Fact]
    public async Task Get_AnswersTenThousandEntriesAtMost_AndSaysThatThereAreMore()
    {
        await server.RevokeAsync(RevocationJson.MaxEntries + 1);
        var token = await FeedReader.TokenAsync(server);

        var first = (await server.GetAsync("/revocations", token)).Is(200);
        var rest = (await server.GetAsync($"/revocations?since={first["seq"]}", token)).Is(200);

        Assert.Equal((10_000, 10_000, 10_001), (first["entries"].GetArrayLength(), first["seq"].GetInt64(), first["newest"].GetInt64()));
        Assert.Equal((1, 10_001), (rest["entries"].GetArrayLength(), rest["seq"].GetInt64()));
    }

    [Fact]
    public async Task Get_Is410_WhenTheLogDoesNotGoOnFromThere()
    {
        await server.RevokeAsync(2);
        clock.Advance(RevocationEntry.Life);
        await server.Get<IRevocationLog>().CompactAsync(10, default);
        await server.RevokeAsync();
        var token = await FeedReader.TokenAsync(server);

        (await server.GetAsync("/revocations?since=1", token)).IsProblem(410, "revocations_compacted");
        (await server.GetAsync("/revocations?since=4", token)).IsProblem(410, "revocations_compacted");
        (await server.GetAsync("/revocations?since=2", token)).Is(200);
        Assert.Equal(3, (await server.GetAsync("/revocations", token)).Is(200)["entries"][0].GetProperty("seq").GetInt64());
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("one")]
    [InlineData("")]
    [InlineData("1.0")]
    [InlineData("%201")]
    [InlineData("9223372036854775808")]
    [InlineData("1&since=2")]
    public async Task Get_Is400_WhenSinceIsNoNumber(string since) =>
        (await server.GetAsync($"/revocations?since={since}", await FeedReader.TokenAsync(server))).IsProblem(400, "request_malformed");

    [Theory]
    [InlineData("GET", "/revocations")]
    [InlineData("GET", "/revocations/stream")]
    [InlineData("POST", "/revocations/ack")]
    public async Task Feed_IsForVerifiersOnly(string method, string path)
    {
        var (how, body) = (new HttpMethod(method), method == "POST" ? "{}" : null);
        var (_, user) = await server.RegisterAsync();
        var verifier = await FeedReader.TokenAsync(server);

        (await server.SendAsync(how, path, body)).IsProblem(401, "token_missing");
        (await server.SendAsync(how, path, body, "a.b.c")).IsProblem(401, "token_malformed");
        (await server.SendAsync(how, path, body, user.AccessToken)).IsProblem(401, "token_audience");
        (await server.SendAsync(how, path, body, await server.AdminAsync())).IsProblem(401, "token_audience");
        (await server.SendAsync(how, path, body, (await server.OwnTokenAsync("reader")).AccessToken)).IsProblem(401, "token_audience");
        (await server.GetAsync("/auth/session", verifier)).IsProblem(401, "token_audience");
        clock.Advance(TimeSpan.FromMinutes(11));
        (await server.SendAsync(how, path, body, verifier)).IsProblem(401, "token_expired");
    }
}
