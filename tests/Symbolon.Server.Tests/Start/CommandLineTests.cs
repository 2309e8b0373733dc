using Symbolon.Server.Processes;

namespace Symbolon.Server.Start;

/// <summary>The command line: what an operator reads, and the exit code.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Doctor_PrintsTheConfigurationWithoutSecrets_WhenAllIsWell()
    {
        var (key, password) = (ServerSettings.NewMasterKey(), "a password of the first start");
        var settings = ServerSettings.Complete(folder).Without("Symbolon:MasterKeys:0:File").With("Symbolon:MasterKeys:0:Value", key).With("Symbolon:Admin:Password", password)
            .With("Symbolon:Clients:0:Id", "shop").With("Symbolon:Clients:0:SecretHash", new string('a', 64));
        var run = await SymbolonProgram.RunAsync(settings, "doctor");
        Assert.True(run.Code == 0, $"{run}");
        foreach (var text in new[] { settings.Address, "id 1, value (set), active", folder.Database, "Clients 'shop'", "The store opens." }) Assert.Contains(text, run.Output, StringComparison.Ordinal);
        foreach (var secret in new[] { key, password, new string('a', 64) }) Assert.DoesNotContain(secret, run.Output + run.Errors, StringComparison.Ordinal);
        Assert.Contains("warning: A master key stands in the configuration", run.Output, StringComparison.Ordinal);
        Assert.Contains("warning: The administrator's first password stands in the configuration", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_Refuses_WhenTheServerWouldNotStart()
    {
        (await SymbolonProgram.RunAsync(ServerSettings.Complete(folder).Without("Symbolon:Issuer"), "doctor")).AssertRefuses("Symbolon:Issuer is missing");
        (await SymbolonProgram.RunAsync(ServerSettings.Complete(folder) with { Listen = "http://0.0.0.0:8080" }, "doctor")).AssertRefuses("Symbolon:Proxies");
    }

    [Fact]
    public async Task Doctor_Refuses_WhenTheStoreWasSealedUnderOtherMasterKeys()
    {
        var settings = ServerSettings.Complete(folder);
        Assert.Equal(0, (await SymbolonProgram.RunAsync(settings, "keys", "rotate")).Code);
        folder.Write("master.key", ServerSettings.NewMasterKey());
        (await SymbolonProgram.RunAsync(settings, "doctor")).AssertRefuses("other master keys");
    }

    [Fact]
    public async Task KeysList_ShowsTheKeys_WhenOneWasMade()
    {
        var settings = ServerSettings.Complete(folder);
        Assert.Equal(0, (await SymbolonProgram.RunAsync(settings, "keys", "rotate")).Code);
        var run = await SymbolonProgram.RunAsync(settings, "keys", "list");
        Assert.Equal(0, run.Code);
        Assert.Contains("ES256", run.Output, StringComparison.Ordinal);
        Assert.Contains("active", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeysRotate_ReachesARunningServer_ThroughTheStore()
    {
        var settings = ServerSettings.Complete(folder).With("Symbolon:SigningKeys:PollEvery", "00:00:00.200");
        await using var server = await ServerProcess.ReadyAsync(settings);
        Assert.Equal(1, Keys((await server.Api.GetAsync("/.well-known/jwks.json")).Text));
        var run = await SymbolonProgram.RunAsync(settings, "keys", "rotate");
        Assert.True(run.Code == 0, $"{run}");
        Assert.Contains("announced", run.Output, StringComparison.Ordinal);
        await Patiently.TrueAsync(async () => Keys((await server.Api.GetAsync("/.well-known/jwks.json")).Text) == 2, () => $"the new key is not published\n{server.All}");
    }

    [Fact]
    public async Task ClientsAdd_PrintsSettings_ThatMakeTheClient()
    {
        var settings = ServerSettings.Complete(folder).With("Symbolon:Clients:0:Id", "shop");
        var run = await SymbolonProgram.RunAsync(settings, "clients", "add", "--id", "gateway", "--scope", "revocations", "--scope", "read", "--audience", "it's ours");
        Assert.True(run.Code == 0, $"{run}");
        var secret = run.Output.Split('\n').Single(line => line.StartsWith("secret ", StringComparison.Ordinal))["secret ".Length..].Trim();
        Assert.Matches("^scs_[A-Za-z0-9_-]{43}$", secret);
        Assert.Contains("""export Symbolon__Clients__1__Audiences__0='it'\''s ours'""", run.Output, StringComparison.Ordinal);
        var json = System.Text.Json.JsonElement.Parse(run.Output[run.Output.IndexOf('{', StringComparison.Ordinal)..(run.Output.LastIndexOf('}') + 1)]);
        Assert.Equal(["revocations", "read"], json.GetProperty("Symbolon").GetProperty("Clients")[0].GetProperty("Scopes").EnumerateArray().Select(scope => scope.GetString()));

        foreach (var line in run.Output.Split('\n').Where(line => line.StartsWith("export ", StringComparison.Ordinal) && !line.Contains("Audiences", StringComparison.Ordinal)))
        {
            var (key, value) = (line["export ".Length..line.IndexOf('=', StringComparison.Ordinal)], line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim());
            settings = settings.With(key.Replace("__", ":", StringComparison.Ordinal), value);
        }

        await using var server = await ServerProcess.ReadyAsync(settings);
        using var http = new HttpClient { BaseAddress = new Uri(settings.Address) };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["scope"] = "revocations", ["client_id"] = "gateway", ["client_secret"] = secret,
        });
        using var answer = await http.PostAsync(new Uri("/oauth/token", UriKind.Relative), form);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        Assert.DoesNotContain(secret, server.All, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("shop", null, "is configured already")]
    [InlineData("web", null, "the public client")]
    [InlineData("two words", null, "--id must have")]
    [InlineData("", null, "--id must have")]
    [InlineData("gateway", "read write", "once for each")]
    public async Task ClientsAdd_Refuses_WhatWouldNotWork(string id, string? scope, string says) =>
        (await SymbolonProgram.RunAsync(
            ServerSettings.Complete(folder).With("Symbolon:Clients:0:Id", "shop"), ["clients", "add", "--id", id, .. scope is null ? [] : new[] { "--scope", scope }])).AssertRefuses(says);

    [Theory]
    [InlineData("--scopes", "revocations")]
    [InlineData("--scope", "revocations", "orders.read")]
    [InlineData("--audiences=files")]
    [InlineData("gateway2")]
    public async Task ClientsAdd_Refuses_WhatItDoesNotKnow(params string[] slip)
    {
        var run = await SymbolonProgram.RunAsync(ServerSettings.Complete(folder), ["clients", "add", "--id", "gateway", .. slip]);
        run.AssertRefuses("means nothing here");
        Assert.DoesNotContain("scs_", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("serv", "'serv' is not a command")]
    [InlineData("--Symbolon:Refresh:Settle=soon", "Symbolon:Refresh:Settle")]
    [InlineData("--Symbolon:Refresh:Settle=00:02:00", "Symbolon:Refresh:Settle is 00:02:00; it must lie between")]
    [InlineData("--Symbolon:Storage:Provider=oracle", "it must be sqlite, postgresql or memory")]
    [InlineData("--Symbolon:DefaultClient=nobody", "is not among Symbolon:Clients")]
    [InlineData("--urls=nonsense", "nonsense")]
    [InlineData("--ConnectionStrings:Symbolon=Host=db;Password=x", "ConnectionStrings:Symbolon")]
    public async Task Arguments_AreRefused_WhenTheyAreWrong(string argument, string says) =>
        (await SymbolonProgram.RunAsync(ServerSettings.Complete(folder).Without("ConnectionStrings:Symbolon"), argument)).AssertRefuses(says);

    [Theory]
    [InlineData("keys")]
    [InlineData("keys", "turn")]
    [InlineData("clients")]
    [InlineData("clients", "add")]
    public async Task Commands_AreRefused_WhenTheyAreUnknown(params string[] arguments)
    {
        var run = await SymbolonProgram.RunAsync(ServerSettings.Complete(folder), arguments);
        Assert.Equal(1, run.Code);
        Assert.NotEmpty(run.Errors);
        Assert.DoesNotContain("   at ", run.Output + run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("keys", "--help")]
    public async Task Help_NamesTheCommands(params string[] arguments)
    {
        var run = await SymbolonProgram.RunAsync(ServerSettings.Complete(folder), arguments);
        Assert.Equal(0, run.Code);
        Assert.Contains(arguments.Length == 1 ? "doctor" : "rotate", run.Output, StringComparison.Ordinal);
    }

    private static int Keys(string jwks) => System.Text.Json.JsonElement.Parse(jwks).GetProperty("keys").GetArrayLength();
}
