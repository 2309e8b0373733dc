using System.Text.Json;
using Symbolon.Authority.InMemory;
using Symbolon.Authority.Ports;
using Symbolon.Authority.Tests.OAuth;
using Symbolon.Authority.Tests.Support;

namespace Symbolon.Authority.Tests.Revocations;

/// <summary>Two servers on one store: a receipt of one counts the verifiers of both, and is certain only when both have said so.</summary>
public sealed class ReceiptsOfAllServersTests : IAsyncLifetime
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(30), Pause = TimeSpan.FromMilliseconds(10), Second = TimeSpan.FromSeconds(1);
    private readonly FiringTime clock = new();
    private TestServer server = null!, other = null!;
    private string token = "";

    private IServerRegistry Registry => server.Get<IServerRegistry>();

    private InMemoryState Store => server.Get<InMemoryState>();

    public async ValueTask InitializeAsync()
    {
        server = await FeedServer.StartAsync(clock);
        other = await FeedServer.StartAsync(clock, services: all => all.ShareStoreOf(server));
        await PassAsync(OtherServers.Settle);
        token = await FeedReader.TokenAsync(server);
    }

    public async ValueTask DisposeAsync()
    {
        await other.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Receipt_IsCertain_WhenTheVerifiersOfBothHaveAcknowledged_WhichAreTold()
    {
        await using var reader = await FeedReader.OpenAsync(other, token);
        await server.AcknowledgeAsync(token, 0, "api", maxStaleness: 60);
        await other.AcknowledgeAsync(token, 0, "web", maxStaleness: 60);

        var waiting = EndAsync("5s");
        await AskedAsync(1);
        await server.AcknowledgeAsync(token, 1, "api");
        Assert.Equal(1, (await UntilAsync(reader.NextAsync("receipt"))).Seq);
        Assert.False(waiting.IsCompleted); // the one at the other server is late
        await other.AcknowledgeAsync(token, 1, "web");

        var receipt = await UntilAsync(waiting);
        Assert.Equal((2, 2, 0, 2), Read(receipt));
        Assert.InRange(receipt.GetProperty("certain_at").GetDateTimeOffset(), DateTimeOffset.MinValue, clock.GetUtcNow());
    }

    [Fact]
    public async Task Receipt_NamesTheLateOnesOfTheOtherServer_AndSaysUntilWhenTheyMayAccept()
    {
        await server.AcknowledgeAsync(token, 0, "api");
        var saidAt = clock.GetUtcNow();
        await other.AcknowledgeAsync(token, 0, "web", maxStaleness: 60, whenStale: "ask");
        var waiting = EndAsync("1s");
        await AskedAsync(1);
        await server.AcknowledgeAsync(token, 1, "api");

        var receipt = await UntilAsync(waiting);

        Assert.Equal((2, 1, 1, 2), Read(receipt));
        Assert.Equal(["web"], receipt.GetProperty("late_verifiers").EnumerateArray().Select(name => name.GetString()));
        Assert.InRange(receipt.GetProperty("certain_at").GetDateTimeOffset(), saidAt.AddSeconds(60), saidAt.AddSeconds(62));
    }

    [Fact]
    public async Task Receipt_CountsAVerifierOnce_WhichHasMoved()
    {
        await other.AcknowledgeAsync(token, 0, "moved", maxStaleness: 60);
        await server.AcknowledgeAsync(token, 0, "moved", maxStaleness: 60);
        Assert.Equal((1, 0, 1, 2), Read(await UntilAsync(EndAsync("1s"))));

        var waiting = EndAsync("5s");
        await AskedAsync(2);
        await server.AcknowledgeAsync(token, 2, "moved"); // the other one has heard only of number 0
        Assert.Equal((1, 1, 0, 2), Read(await UntilAsync(waiting)));
        waiting = EndAsync("5s");
        await AskedAsync(3);
        await other.AcknowledgeAsync(token, 3, "moved");
        Assert.Equal((1, 1, 0, 2), Read(await UntilAsync(waiting)));
    }

    [Fact]
    public async Task Receipt_IsNeverCertain_WhenALateOneOfTheOtherServerGoesOnForEver()
    {
        await other.AcknowledgeAsync(token, 0, "lax", whenStale: "allow");

        var receipt = await UntilAsync(EndAsync("1s"));

        Assert.Equal((1, 0, 1, 2), Read(receipt));
        Assert.False(receipt.TryGetProperty("certain_at", out _));
    }

    [Fact]
    public async Task Receipt_IsNotCertain_WhenNobodyWaitsForTheOthers() => Assert.False((await UntilAsync(EndAsync("0ms"))).TryGetProperty("certain_at", out _));

    [Fact] // it is dead, stands still, or cannot reach the store
    public async Task Receipt_IsNotCertain_BesideAServerThatDoesNotAnswer_UntilWhatWasPromisedToItIsOver()
    {
        await Registry.BeatAsync("silent", TimeSpan.FromSeconds(60), default);
        Assert.Equal((false, 3), await CertainAsync());
        await PassAsync(TimeSpan.FromSeconds(11));
        Assert.Equal((false, 2), await CertainAsync());
        await PassAsync(TimeSpan.FromSeconds(50));
        Assert.Equal((false, 2), await CertainAsync()); // it may have answered verifiers a little longer than it could say that it lives
        await PassAsync(TimeSpan.FromSeconds(10));
        Assert.Equal((true, 2), await CertainAsync());
    }

    [Theory]
    [InlineData("""{"timeline":"$","applied":9,"is_whole":true,"verifiers":[]}""", true)]
    [InlineData("""{"timeline":"$","applied":9,"is_whole":false,"verifiers":[]}""", false)]
    [InlineData("""{"timeline":"$","applied":0,"is_whole":true,"verifiers":[]}""", false)]
    [InlineData("""{"timeline":"another","applied":9,"is_whole":true,"verifiers":[]}""", false)]
    [InlineData("""{"timeline":"$","applied":9,"is_whole":true,"verifiers":[{"id":"x","seq":0,"rest":-1}]}""", false)]
    [InlineData("nonsense", false)]
    public async Task Receipt_BelievesAnAnswer_ThatItUnderstandsAndThatSaysEnough(string answer, bool isCertain)
    {
        await Registry.BeatAsync("third", TimeSpan.Zero, default);
        var waiting = EndAsync("1s");
        await AskedAsync(1);
        await Registry.AnswerAsync("third", Store.Question!.Number, answer.Replace("$", await server.TimelineAsync(), StringComparison.Ordinal), default);

        Assert.Equal(isCertain, (await UntilAsync(waiting)).TryGetProperty("certain_at", out _));
    }

    [Fact]
    public async Task Receipt_IsNotCertain_ByAnAnswerToAnEarlierQuestion()
    {
        await Registry.BeatAsync("third", TimeSpan.Zero, default);
        var waiting = EndAsync("1s");
        await AskedAsync(1);
        await Registry.AnswerAsync("third", Store.Question!.Number - 1, $$"""{"timeline":"{{await server.TimelineAsync()}}","applied":9,"is_whole":true,"verifiers":[]}""", default);

        Assert.False((await UntilAsync(waiting)).TryGetProperty("certain_at", out _));
    }

    [Fact]
    public async Task Store_IsNotWritten_WhileNobodyWaits_HoweverManyAcknowledge()
    {
        await UntilAsync(EndAsync("1s"));
        await PassAsync(TimeSpan.FromSeconds(8)); // nobody waits any more
        var before = Facts();
        for (var i = 0; i < 100; i++) await other.AcknowledgeAsync(token, 1, "api", $"{i}");
        Assert.Equal(before.Change, Facts().Change);
        Assert.InRange(Facts().Beats - before.Beats, 0, 10); // a beat that was due came meanwhile

        (long Change, long Beats) Facts() => (Store.ServersSignal.Change, Store.Servers.Values.Sum());
    }

    private async Task<(bool IsCertain, int Servers)> CertainAsync()
    {
        var receipt = await UntilAsync(EndAsync("1s"));
        return (receipt.TryGetProperty("certain_at", out _), receipt.GetProperty("servers").GetInt32());
    }

    private async Task<JsonElement> EndAsync(string wait)
    {
        var user = (await server.RegisterAsync()).Tokens;
        return (await server.DeleteAsync($"/admin/sessions/{user.SessionId}?wait={wait}", await server.AdminAsync())).Is(200)["receipt"];
    }

    private async Task AskedAsync(long seq)
    {
        for (var i = 0; i < 1000 && !(Store.Question?.Seq >= seq); i++)
        {
            clock.Advance(Step);
            await Task.Delay(Pause);
        }

        Assert.Equal(seq, Store.Question?.Seq);
    }

    private Task<T> UntilAsync<T>(Task<T> task) => clock.AdvanceUntilAsync(task, Step);

    // What works in the background needs real time, too.
    private async Task PassAsync(TimeSpan length)
    {
        for (var passed = TimeSpan.Zero; passed < length; passed += Second)
        {
            clock.Advance(Second);
            await Task.Delay(Pause);
        }
    }

    private static (int Verifiers, int Acknowledged, int Late, int Servers) Read(JsonElement receipt) =>
        (receipt.GetProperty("verifiers").GetInt32(), receipt.GetProperty("acknowledged").GetInt32(), receipt.GetProperty("late").GetInt32(), receipt.GetProperty("servers").GetInt32());
}
