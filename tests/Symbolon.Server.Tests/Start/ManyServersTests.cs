using System.Text.Json;
using Symbolon.Server.Processes;

namespace Symbolon.Server.Start;

/// <summary>Several servers on one store: all at once on an empty one, and one after the other.</summary>
public sealed class ManyServersTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task FourServers_BecomeReady_WhenTheyStartAtOnceOnAnEmptyStore()
    {
        var settings = ServerSettings.Complete(folder);
        // One issuer, four addresses.
        var servers = Enumerable.Range(0, 4).Select(_ => ServerProcess.Start(settings with { Port = new ServerSettings(folder).Port })).ToList();
        try
        {
            await Task.WhenAll(servers.Select(server => server.ReadyAsync()));
            var password = Assert.Single(servers.Select(server => MasterKeyTests.Printed(server.Output)).OfType<string>());
            var kids = await Task.WhenAll(servers.Select(async server => Kids((await server.Api.GetAsync("/.well-known/jwks.json")).Text)));
            Assert.Single(kids.SelectMany(kid => kid).Distinct());

            // A session of one is a session of all, and its tokens are good everywhere.
            var admin = await MasterKeyTests.LogInAsync(servers[0].Api, "admin", password);
            Assert.Equal(200, admin.Status);
            foreach (var server in servers)
            {
                var users = await server.Api.GetAsync("/admin/users", admin.AccessToken);
                Assert.Equal(200, users.Status);
                Assert.Equal(1, JsonElement.Parse(users.Text).GetProperty("items").GetArrayLength());
            }

            Assert.All(servers, server => Assert.DoesNotContain("fail:", server.All, StringComparison.Ordinal));
        }
        finally
        {
            foreach (var server in servers) await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task TheFirstPassword_IsPrintedOnce_AndNeverAgain()
    {
        var settings = ServerSettings.Complete(folder);
        string? password;
        await using (var first = await ServerProcess.ReadyAsync(settings)) password = MasterKeyTests.Printed(first.Output);
        Assert.NotNull(password);
        await using var second = await ServerProcess.ReadyAsync(settings);
        Assert.Null(MasterKeyTests.Printed(second.Output));
        Assert.DoesNotContain(password, second.All, StringComparison.Ordinal);
        Assert.Equal(200, (await MasterKeyTests.LogInAsync(second.Api, "admin", password)).Status);
    }

    [Fact]
    public async Task TheFirstPassword_IsNotPrinted_WhenItWasGiven()
    {
        await using var server = await ServerProcess.ReadyAsync(ServerSettings.Complete(folder).With("Symbolon:Admin:Password", "given by the operator").With("Symbolon:Admin:UserName", "root"));
        Assert.Null(MasterKeyTests.Printed(server.Output));
        Assert.DoesNotContain("given by the operator", server.All, StringComparison.Ordinal);
        Assert.Equal(200, (await MasterKeyTests.LogInAsync(server.Api, "root", "given by the operator")).Status);
    }

    private static IEnumerable<string> Kids(string jwks) => JsonElement.Parse(jwks).GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString()!);
}
