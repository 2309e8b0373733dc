using Symbolon.Server.Processes;

namespace Symbolon.Server.Start;

/// <summary>Master keys: read from a file, replaced without ending sessions, noticed when they are not the store's.</summary>
public sealed class MasterKeyTests : IDisposable
{
    private const string Password = "seven wild geese";

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Server_IsNotReady_WhenTheStoreWasSealedUnderAnotherMasterKey()
    {
        var settings = ServerSettings.Complete(folder);
        var mine = File.ReadAllText(folder.File("master.key"));
        string token;
        await using (var first = await ServerProcess.ReadyAsync(settings)) token = (await RegisterAsync(first.Api)).RefreshToken!;

        folder.Write("master.key", ServerSettings.NewMasterKey());
        await using (var other = ServerProcess.Start(settings))
        {
            await other.AnswersAsync("/health/live", 200);
            Assert.Equal(503, (await other.Api.GetAsync("/health/ready")).Status);
            await Patiently.TrueAsync(() => Task.FromResult(other.All.Contains("sealed under other master keys", StringComparison.Ordinal)), () => other.All);
            // Neither its own log-ins nor the others' sessions: nothing is written, nobody is logged out.
            Assert.Equal(503, (await LogInAsync(other.Api)).Status);
        }

        folder.Write("master.key", mine);
        await using var again = await ServerProcess.ReadyAsync(settings);
        Assert.Equal(200, (await again.Api.RefreshAsync(token)).Status);
    }

    [Fact]
    public async Task Sessions_GoOn_WhenTheMasterKeyIsReplaced()
    {
        var settings = ServerSettings.Complete(folder);
        string token;
        await using (var before = await ServerProcess.ReadyAsync(settings)) token = (await RegisterAsync(before.Api)).RefreshToken!;

        var replaced = settings
            .With("Symbolon:MasterKeys:0:Id", "2").With("Symbolon:MasterKeys:0:File", folder.Write("new.key", ServerSettings.NewMasterKey()))
            .With("Symbolon:MasterKeys:1:Id", "1").With("Symbolon:MasterKeys:1:File", folder.File("master.key"));
        await using (var during = await ServerProcess.ReadyAsync(replaced))
        {
            var answer = await during.Api.RefreshAsync(token);
            Assert.Equal(200, answer.Status);
            Assert.Equal(200, (await during.Api.GetAsync("/auth/me", answer.AccessToken)).Status);
            token = answer.RefreshToken!;
            // The next signing key is announced at once, sealed under the new master key: the old one can be dropped after its tokens' time.
            Assert.Equal(2, (await during.Api.GetAsync("/.well-known/jwks.json")).Text.Split("\"kid\"").Length - 1);
        }

        // A server that has not got the new key yet says "later", not "never".
        await using (var old = await ServerProcess.ReadyAsync(settings)) Assert.Equal(503, (await old.Api.RefreshAsync(token)).Status);
        await using var after = await ServerProcess.ReadyAsync(replaced);
        Assert.Equal(200, (await after.Api.RefreshAsync(token)).Status);
    }

    [Fact]
    public async Task Development_MakesAMasterKeyBesideTheData_ForItsOwnerAlone()
    {
        var settings = new ServerSettings(folder) { Environment = "Development" }.With("ConnectionStrings:Symbolon", $"Data Source={folder.Database}");
        await using var server = await ServerProcess.ReadyAsync(settings);
        Assert.Equal(200, (await LogInAsync(server.Api, "admin", Printed(server.Output)!)).Status);
        var file = folder.File("symbolon.master.key");
        Assert.Contains(file, server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(File.ReadAllText(file).Trim(), server.All, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    /// <summary>The administrator's first password as it was printed, or null.</summary>
    internal static string? Printed(string output) =>
        output.Split('\n').FirstOrDefault(line => line.Contains("Its password, shown only now: ", StringComparison.Ordinal))?.Split(": ")[^1].Trim();

    internal static Task<Answer> LogInAsync(Api api, string name = "goose", string password = Password) =>
        api.PostAsync("/auth/login", new { username = name, password });

    private static async Task<Answer> RegisterAsync(Api api)
    {
        var answer = await api.PostAsync("/auth/register", new { username = "goose", password = Password });
        Assert.Equal(201, answer.Status);
        return answer;
    }
}
