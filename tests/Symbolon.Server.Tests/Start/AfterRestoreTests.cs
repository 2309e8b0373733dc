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

    [Fact]
    public async Task AfterRestore_EndsTheListedAccounts_AndRemovesTheNamedKey_AsOftenAsItIsRun()
    {
        var settings = ServerSettings.Complete(folder);
        JsonElement stays, goes;
        await using (var server = await ServerProcess.ReadyAsync(settings)) (stays, goes) = (await RegisterAsync(settings, "stays"), await RegisterAsync(settings, "goes"));
        var file = folder.Write("ended.txt", $"{Claim(goes, "sub")}\n\n{Claim(goes, "sub")}\nnobody\n");

        for (var run = 0; run < 2; run++)
        {
            var result = await SymbolonProgram.RunAsync(settings, "after-restore", "--backup-time", "2026-01-01T00:00:00Z", "--end", "listed", "--subjects", file, "--remove-key", "unknown");
            Assert.True(result.Code == 0, $"{result}");
            foreach (var text in new[] { "sessions of 1 accounts", "misspelt: nobody", "no signing key unknown" }) Assert.Contains(text, result.Output, StringComparison.Ordinal);
        }

        await using (var server = await ServerProcess.ReadyAsync(settings))
        {
            Assert.Equal((200, 401), (await StatusAsync(settings, stays), await StatusAsync(settings, goes)));
        }
    }

    [Fact]
    public async Task AfterRestore_ReplacesTheSigningKeys_AsOftenAsItIsRun()
    {
        var settings = ServerSettings.Complete(folder);
        Assert.Equal(0, (await SymbolonProgram.RunAsync(settings, "keys", "rotate")).Code);
        for (var run = 0; run < 2; run++) Assert.Contains("signing keys are replaced", (await SymbolonProgram.RunAsync(settings, "after-restore")).Output, StringComparison.Ordinal);

        var lines = (await SymbolonProgram.RunAsync(settings, "keys", "list")).Output.Split('\n');
        Assert.Single(lines, line => line.Contains(" active ", StringComparison.Ordinal));
        Assert.DoesNotContain(lines.Skip(1), line => line.Contains(" retiring ", StringComparison.Ordinal) || line.Contains(" announced ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("in the future", "--backup-time", "2999-01-01T00:00:00Z")]
    [InlineData("cannot be read", "--backup-time", "2026-01-01T00:00:00")]
    [InlineData("cannot be read", "--backup-time", "yesterday")]
    [InlineData("--end must be", "--end", "some")]
    [InlineData("needs --backup-time", "--end", "nobody")]
    [InlineData("belong together", "--end", "listed")]
    [InlineData("means nothing here", "--ends", "nobody")]
    public async Task AfterRestore_RefusesASlip_AndChangesNothing(string says, params string[] arguments) =>
        (await SymbolonProgram.RunAsync(ServerSettings.Complete(folder), ["after-restore", .. arguments])).AssertRefuses(says);

    private static string Claim(JsonElement tokens, string name) => JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(tokens.GetProperty("access_token").GetString()!.Split('.')[1])).RootElement.GetProperty(name).GetString()!;

    private static async Task<int> StatusAsync(ServerSettings settings, JsonElement tokens)
    {
        using var http = Http(settings);
        using var answer = await http.PostAsJsonAsync("/auth/refresh", new { refresh_token = tokens.GetProperty("refresh_token").GetString() });
        return (int)answer.StatusCode;
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
