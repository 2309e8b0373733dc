using Symbolon.Authority;
using Symbolon.Authority.Ports;
using Symbolon.Cluster.Support;
using Symbolon.Server.Processes;
using Symbolon.Sessions;

namespace Symbolon.Cluster.Failover;

/// <summary>A backup of the database is put in its place, and the command makes it safe: what ended since does not come back, and verifiers keep what they knew.</summary>
public sealed class AfterRestoreTests : IAsyncLifetime
{
    private Support.Cluster cluster = null!;
    private InProcessServer node = null!;
    private Verifier verifier = null!;
    private string backup = "";
    private IssuedTokens stays = null!, ended = null!, newer = null!;

    // Two sessions are in the backup; what happens after it was made is lost: one of them ends, and another one begins.
    public async ValueTask InitializeAsync()
    {
        cluster = await Support.Cluster.CreateAsync();
        node = await cluster.StartAsync();
        verifier = await Verifier.ApiAsync(node.Address);
        (stays, ended) = (await node.StartSessionAsync(ownSubject: true), await node.StartSessionAsync(ownSubject: true));
        await node.DisposeAsync();
        backup = await cluster.Postgres.CreateDatabaseAsync(cluster.ConnectionString);
        node = await cluster.StartAsync(change: null, node.Address);
        newer = await node.StartSessionAsync(ownSubject: true);
        Assert.Equal(204, (await node.Api.LogoutAsync(ended.RefreshToken)).Status);
        foreach (var tokens in new[] { stays, newer }) await verifier.SaysAsync(tokens.AccessToken, null);
        await verifier.SaysAsync(ended.AccessToken, "token_revoked");
    }

    public async ValueTask DisposeAsync()
    {
        await verifier.DisposeAsync();
        await cluster.DisposeAsync();
        await cluster.Postgres.DropDatabaseAsync(backup);
    }

    [Fact]
    public async Task AfterRestore_BringsNothingBack_WhenEveryoneEnds()
    {
        await RestoreAsync();

        // By the era, or by the key, as soon as the new ones are known.
        Assert.NotNull(await verifier.CheckAsync(ended.AccessToken));
        foreach (var tokens in new[] { stays, ended, newer })
        {
            await Patiently.TrueAsync(async () => await verifier.CheckAsync(tokens.AccessToken) is not null, () => "the verifier still accepts a token from before");
            var answer = await node.Api.RefreshAsync(tokens.RefreshToken);
            Assert.True(answer.Status == 401, $"{answer}");
        }

        await verifier.SaysAsync((await node.StartSessionAsync()).AccessToken, null);
    }

    [Fact]
    public async Task AfterRestore_EndsWhoeverIsListed_AndTheOthersGoOn()
    {
        var verification = new Verification([verifier], (stays.AccessToken, null), (ended.AccessToken, "token_revoked"));
        await RestoreAsync("--backup-time", "2026-01-01T00:00:00Z", "--end", "listed", "--subjects", cluster.Settings().Folder.Write("ended.txt", ended.Session.Subject.Value));

        Assert.Equal(401, (await node.Api.RefreshAsync(ended.RefreshToken)).Status);
        Assert.Equal(200, (await node.Api.RefreshAsync(stays.RefreshToken)).Status);
        await verification.EndAsync();
    }

    [Fact]
    public async Task AfterRestore_LeavesVerifiersWhatTheyKnew_WhenNobodyEnds()
    {
        var verification = new Verification([verifier], (stays.AccessToken, null), (ended.AccessToken, "token_revoked"));
        await RestoreAsync("--backup-time", "2026-01-01T00:00:00Z", "--end", "nobody");

        var back = await node.Api.RefreshAsync(ended.RefreshToken); // the price of this choice
        Assert.Equal(200, back.Status);
        Assert.Equal("token_revoked", await verifier.CheckAsync(back.AccessToken!));
        await verification.EndAsync();
    }

    // Until the verifier has read the new log.
    private async Task RestoreAsync(params string[] arguments)
    {
        await node.DisposeAsync();
        var (before, restored) = (verifier.View.Timeline, ("ConnectionStrings:Symbolon", backup));
        var run = await SymbolonProgram.RunAsync(cluster.Settings(restored), ["after-restore", .. arguments]);
        Assert.True(run.Code == 0, $"{run}");
        node = await cluster.StartAsync(change: null, node.Address, restored);
        await Patiently.TrueAsync(() => verifier.View.Timeline is { } now && now != before, "the log's timeline is another");
    }
}
