using Symbolon.Authority.Ports;
using Symbolon.Revocation;
using Symbolon.Server.Processes;
using Symbolon.Testing;

namespace Symbolon.Server.Start;

/// <summary><c>storage copy</c> as an operator runs it, and servers on both sides of the move.</summary>
public sealed class StorageCopyTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Server_GoesOn_WhenItWasMovedFromSqliteToPostgres()
    {
        var settings = ServerSettings.Complete(folder);
        Answer kept, ended;
        string keys;
        RevocationPage log;
        await using (var server = await InProcessServer.StartAsync(settings))
        {
            (kept, ended) = (await RegisterAsync(server, "kept"), await RegisterAsync(server, "ended"));
            kept = await server.Api.RefreshAsync(kept.RefreshToken!);
            Assert.Equal(204, (await server.Api.LogoutAsync(ended.RefreshToken!)).Status);
            keys = (await server.Api.GetAsync("/.well-known/jwks.json")).Text;
            log = (await server.Get<IRevocationLog>().ReadAsync(null, 100, default))!;
        }

        var connectionString = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        for (var time = 0; time < 2; time++)
        {
            var run = await SymbolonProgram.RunAsync(settings, "storage", "copy", "--from", $"sqlite:Data Source={folder.Database}", "--to", $"postgresql:{connectionString}");
            Assert.True(run.Code == 0, $"{run}");
            foreach (var text in new[] { "sessions", "users", "The target holds the same." }) Assert.Contains(text, run.Output, StringComparison.Ordinal);
            Assert.DoesNotContain((await PostgresServer.SharedAsync()).Password, run.Output + run.Errors, StringComparison.Ordinal);
        }

        await using (var server = await InProcessServer.StartAsync(settings.With("Symbolon:Storage:Provider", "postgresql").With("ConnectionStrings:Symbolon", connectionString)))
        {
            Assert.Equal(keys, (await server.Api.GetAsync("/.well-known/jwks.json")).Text);
            Assert.Equal(200, (await server.Api.GetAsync("/auth/me", kept.AccessToken)).Status);
            Assert.Equal(401, (await server.Api.GetAsync("/auth/me", ended.AccessToken)).Status);
            var next = await server.Api.RefreshAsync(kept.RefreshToken!);
            Assert.Equal((200, kept.Generation + 1), (next.Status, next.Generation));
            Assert.Equal("logout", (await server.Api.RefreshAsync(ended.RefreshToken!)).Reason);
            Assert.Equal(204, (await server.Api.LogoutAsync(next.RefreshToken!)).Status);
            var page = (await server.Get<IRevocationLog>().ReadAsync(null, 100, default))!;
            Assert.NotEqual(log.Timeline, page.Timeline);
            Assert.Equal(log.Entries, page.Entries.SkipLast(1));
            Assert.Equal(log.Newest + 1, page.Newest);
        }
    }

    [Fact]
    public async Task Copy_Refuses_WithOneLine()
    {
        var settings = ServerSettings.Complete(folder);
        string[] copy = ["storage", "copy", "--to", $"sqlite:Data Source={folder.File("copy.db")}", "--from"];
        (await SymbolonProgram.RunAsync(settings, [.. copy, "postgresql:Host=127.0.0.1;Port=1;Database=x;Username=u;Password=secret-1"])).AssertRefuses("--from: The database server cannot be reached");
        var run = await SymbolonProgram.RunAsync(settings, [.. copy, $"sqlite:Data Source={folder.Database}"]);
        run.AssertRefuses("--from: There is no file");
        Assert.Single(run.Errors.Trim().Split('\n'));
        Assert.False(File.Exists(folder.File("copy.db")));
    }

    private static async Task<Answer> RegisterAsync(InProcessServer server, string name)
    {
        var answer = await server.Api.PostAsync("/auth/register", new { username = name, password = "three unrelated words" });
        Assert.NotNull(answer.RefreshToken);
        return answer;
    }
}
