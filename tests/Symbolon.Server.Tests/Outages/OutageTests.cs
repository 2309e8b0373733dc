using System.Diagnostics;
using Symbolon.Server.Processes;
using Symbolon.Storage;

namespace Symbolon.Server.Outages;

/// <summary>A disk that is full, a database that is locked: 503 and come again, nothing handed out that is not durable, and no restart needed afterwards.</summary>
public sealed class OutageTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Refresh_IsAnsweredLater_WhenTheDiskIsFull()
    {
        // A file that may not grow stands for a disk without room; the signal that would end the process is ignored, as the disk sends none.
        await using var server = await StartAsync(settings => settings with { Wrapper = ["sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh"] });
        var held = await RegisterAsync(server);
        Limit(server, new FileInfo($"{folder.Database}-wal").Length + 100_000);
        var refused = await RefreshUntilRefusedAsync(server, held);
        Assert.Equal("unavailable", refused.Answer.Code);
        Assert.True(refused.Answer.HasRetryAfter);
        Assert.Equal(503, (await server.Api.PostAsync("/auth/register", new { username = "goose2", password = "seven wild geese" })).Status);
        Assert.Equal(503, (await server.Api.LogoutAsync(refused.Held.RefreshToken!)).Status);
        Assert.Equal(200, (await server.Api.GetAsync("/auth/session", refused.Held.AccessToken)).Status); // reads go on

        Limit(server, null);
        var served = await server.Api.RefreshAsync(refused.Held.RefreshToken!);
        Assert.Equal((200, refused.Held.Generation + 1), (served.Status, served.Generation));
        await AssertDurableAsync(server, served);
    }

    [Fact]
    public async Task Refresh_IsAnsweredLater_WhenTheDatabaseIsLocked()
    {
        await using var server = await StartAsync(settings => settings);
        var held = await RegisterAsync(server);
        using (var other = new StoreConnection(folder.Database, create: false, TimeSpan.FromSeconds(10)))
        {
            other.Execute("BEGIN EXCLUSIVE");
            var refused = await server.Api.RefreshAsync(held.RefreshToken!);
            Assert.Equal((503, "unavailable", true), (refused.Status, refused.Code, refused.HasRetryAfter));
            Assert.Equal(503, (await server.Api.LogoutAsync(held.RefreshToken!)).Status);
            Assert.Equal(200, (await server.Api.GetAsync("/auth/session", held.AccessToken)).Status);
            other.Execute("ROLLBACK");
        }

        var served = await server.Api.RefreshAsync(held.RefreshToken!);
        Assert.Equal((200, held.Generation + 1), (served.Status, served.Generation));
        await AssertDurableAsync(server, served);
        await Patiently.TrueAsync(() => server.Output.Contains("The database can be written again", StringComparison.Ordinal), "The log does not say that it works again."); // what it prints comes by a pipe
    }

    private Task<ServerProcess> StartAsync(Func<ServerSettings, ServerSettings> with) =>
        ServerProcess.ReadyAsync(with(ServerSettings.Complete(folder).With("Symbolon:Admin:Password", "correct horse battery")));

    private static async Task<Answer> RegisterAsync(ServerProcess server)
    {
        var answer = await server.Api.PostAsync("/auth/register", new { username = "goose", password = "seven wild geese" });
        Assert.True(answer.Status == 201, answer.ToString());
        return answer;
    }

    private static async Task<(Answer Held, Answer Answer)> RefreshUntilRefusedAsync(ServerProcess server, Answer held)
    {
        for (var n = 0; n < 10_000; n++)
        {
            var answer = await server.Api.RefreshAsync(held.RefreshToken!);
            if (answer.Status == 503) return (held, answer);
            Assert.True(answer.Status == 200, answer.ToString());
            held = answer;
        }

        throw new InvalidOperationException("The file grew on.");
    }

    // What was handed out is good after the hardest of ends.
    private static async Task AssertDurableAsync(ServerProcess server, Answer held)
    {
        server.Kill();
        await server.ExitAsync();
        await using var again = await ServerProcess.ReadyAsync(server.Settings with { Wrapper = [] });
        Assert.Equal(200, (await again.Api.RefreshAsync(held.RefreshToken!)).Status);
    }

    // The soft limit only, so that it can be raised again.
    private static void Limit(ServerProcess server, long? bytes)
    {
        using var prlimit = Process.Start("prlimit", ["--pid", $"{server.Id}", $"--fsize={(bytes is { } most ? $"{most}" : "unlimited")}:unlimited"]);
        prlimit.WaitForExit();
        Assert.Equal(0, prlimit.ExitCode);
    }
}
