using System.Net.Http.Json;
using System.Text.Json;
using Symbolon.Server.Processes;

namespace Symbolon.Server.Start;

/// <summary>A backup put in place of the store, and the command that makes it safe.</summary>
public sealed class AfterRestoreTests : IDisposable
{
    private const string Secret = "a secret of this test, long enough";

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task AfterRestore_EndsEverySession_AndNoReaderTakesNewNumbersForOldOnes()
    {
        var settings = ServerSettings.Complete(folder)
            .With("Symbolon:Clients:0:Id", "gateway").With("Symbolon:Clients:0:SecretHash", Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Secret))))
            .With("Symbolon:Clients:0:Scopes:0", "revocations");
        JsonElement stays;
        await using (var server = await ServerProcess.ReadyAsync(settings)) stays = await RegisterAsync(settings, "stays");
        File.Copy(folder.Database, folder.Database + ".backup");

        JsonElement before;
        await using (var server = await ServerProcess.ReadyAsync(settings))
        {
            for (var i = 0; i < 3; i++) await LogOutAsync(settings, await RegisterAsync(settings, $"gone{i}"));
            before = await LogAsync(settings);
        }

        foreach (var left in new[] { folder.Database + "-wal", folder.Database + "-shm" }) File.Delete(left);
        File.Copy(folder.Database + ".backup", folder.Database, overwrite: true);
        var run = await SymbolonProgram.RunAsync(settings, "after-restore");
        Assert.True(run.Code == 0, $"{run}");

        await using (var server = await ServerProcess.ReadyAsync(settings))
        {
            for (var i = 0; i < 3; i++) await LogOutAsync(settings, await RegisterAsync(settings, $"later{i}"));
            var after = await LogAsync(settings);
            Assert.NotEqual(before.GetProperty("timeline").GetString(), after.GetProperty("timeline").GetString());
            Assert.Contains(after.GetProperty("entries").EnumerateArray(), entry => entry.GetProperty("kind").GetString() == "era");

            using var http = Http(settings);
            using var me = new HttpRequestMessage(HttpMethod.Get, "/auth/me") { Headers = { { "Authorization", "Bearer " + stays.GetProperty("access_token").GetString() } } };
            Assert.Equal(401, (int)(await http.SendAsync(me)).StatusCode);

            // A reader that stands where the lost log ended: its number exists again, and means something else.
            using var stream = new HttpRequestMessage(HttpMethod.Get, $"/revocations/stream?timeline={before.GetProperty("timeline").GetString()}");
            stream.Headers.Add("Authorization", "Bearer " + await VerifierAsync(http));
            stream.Headers.Add("Last-Event-ID", before.GetProperty("seq").GetRawText());
            Assert.Equal(410, (int)(await http.SendAsync(stream, HttpCompletionOption.ResponseHeadersRead)).StatusCode);
        }
    }

    private static HttpClient Http(ServerSettings settings) => new() { BaseAddress = new Uri(settings.Address) };

    private static async Task<JsonElement> RegisterAsync(ServerSettings settings, string name)
    {
        using var http = Http(settings);
        using var answer = await http.PostAsJsonAsync("/auth/register", new { username = name, password = "three unrelated words" });
        return await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task LogOutAsync(ServerSettings settings, JsonElement tokens)
    {
        using var http = Http(settings);
        using var answer = await http.PostAsJsonAsync("/auth/logout", new { refresh_token = tokens.GetProperty("refresh_token").GetString() });
        answer.EnsureSuccessStatusCode();
    }

    private static async Task<string> VerifierAsync(HttpClient http)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["scope"] = "revocations", ["client_id"] = "gateway", ["client_secret"] = Secret,
        });
        using var answer = await http.PostAsync(new Uri("/oauth/token", UriKind.Relative), form);
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }

    private static async Task<JsonElement> LogAsync(ServerSettings settings)
    {
        using var http = Http(settings);
        using var ask = new HttpRequestMessage(HttpMethod.Get, "/revocations") { Headers = { { "Authorization", "Bearer " + await VerifierAsync(http) } } };
        using var answer = await http.SendAsync(ask);
        return await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
    }
}
