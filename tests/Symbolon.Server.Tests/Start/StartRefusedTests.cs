using System.Net;
using System.Net.Sockets;
using Symbolon.Server.Processes;
using Symbolon.Storage;

namespace Symbolon.Server.Start;

/// <summary>A server that cannot work as it is configured says what to write, and ends with code 1.</summary>
public sealed class StartRefusedTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static async Task RefusesAsync(ServerSettings settings, params string[] says) => (await SymbolonProgram.RunAsync(settings)).AssertRefuses(says);

    [Fact]
    public Task Start_IsRefused_WhenProductionListensInTheOpen() =>
        RefusesAsync(ServerSettings.Complete(folder) with { Listen = "http://0.0.0.0:8080" }, "plain http", "Symbolon:Proxies");

    [Fact]
    public async Task Start_IsAllowed_WhenAProxyStandsInFrontOfAnOpenAddress()
    {
        var settings = ServerSettings.Complete(folder).With("Symbolon:Proxies:0", "10.0.0.0/8");
        await using var server = await ServerProcess.ReadyAsync(settings with { Listen = $"http://0.0.0.0:{settings.Port}" });
        Assert.Equal(200, (await server.Api.GetAsync("/health/live")).Status);
    }

    [Fact]
    public Task Start_IsRefused_WhenProductionHasNoIssuer() =>
        RefusesAsync(ServerSettings.Complete(folder).Without("Symbolon:Issuer"), "Symbolon:Issuer is missing. Write the address that clients use, for example https://");

    [Fact]
    public Task Start_IsRefused_WhenTheIssuerIsPlainHttpElsewhere() =>
        RefusesAsync(ServerSettings.Complete(folder).With("Symbolon:Issuer", "http://auth.example"), "must begin with https://");

    [Fact]
    public Task Start_IsRefused_WhenProductionHasNoMasterKey() =>
        RefusesAsync(ServerSettings.Complete(folder).Without("Symbolon:MasterKeys:0:Id").Without("Symbolon:MasterKeys:0:File"), "Symbolon:MasterKeys is empty", "openssl rand -base64 32");

    [Theory]
    [InlineData(null, "cannot be read")]
    [InlineData("short", "32 bytes in base64")]
    [InlineData("", "32 bytes in base64")]
    public Task Start_IsRefused_WhenTheMasterKeysFileIsWrong(string? content, string says)
    {
        var settings = ServerSettings.Complete(folder);
        if (content is null) File.Delete(folder.File("master.key"));
        else folder.Write("master.key", content);
        return RefusesAsync(settings, "Symbolon:MasterKeys:0", says);
    }

    [Fact]
    public async Task Start_IsRefused_WhenThePortIsTaken()
    {
        var settings = ServerSettings.Complete(folder);
        using var other = new TcpListener(IPAddress.Loopback, settings.Port);
        other.Start();
        await RefusesAsync(settings, "address already in use", "--urls");
    }

    [Fact]
    public Task Start_IsRefused_WhenTheFilesDirectoryIsMissing() => RefusesAsync(Database(folder.File("nowhere/symbolon.db")), "does not exist. Make it");

    [Fact]
    public Task Start_IsRefused_WhenADirectoryStandsInTheFilesPlace()
    {
        Directory.CreateDirectory(folder.Database);
        return RefusesAsync(ServerSettings.Complete(folder), "is a directory");
    }

    [Fact]
    public Task Start_IsRefused_WhenTheDirectoryIsReadOnly() => RefusesAsync(Database("/sys/symbolon.db"), "cannot be written. The process needs to write it and its directory");

    [Fact]
    public async Task Start_IsRefused_WhenTheFileIsReadOnly()
    {
        // A file of the kernel's stands for one that nobody may write: modes do not bind a test that runs as root.
        await RefusesAsync(Database("/proc/version"), "symbolon: '/proc/version'");
    }

    [Fact]
    public Task Start_IsRefused_WhenDevelopmentCannotMakeAMasterKey() => RefusesAsync(
        new ServerSettings(folder) { Environment = "Development" }.With("ConnectionStrings:Symbolon", "Data Source=/sys/symbolon.db"), "A master key cannot be made at '/sys/symbolon.master.key'");

    [Fact]
    public Task Start_IsRefused_WhenTheFileIsNoDatabase()
    {
        folder.Write("symbolon.db", string.Concat(Enumerable.Repeat("Dear diary, ", 1_000)));
        return RefusesAsync(ServerSettings.Complete(folder), "is not a SQLite database");
    }

    [Fact]
    public Task Start_IsRefused_WhenTheDatabaseIsAnotherPrograms()
    {
        Execute("CREATE TABLE diary (day)");
        return RefusesAsync(ServerSettings.Complete(folder), "is the database of another program");
    }

    [Fact]
    public async Task Start_IsRefused_WhenTheSchemaIsNewer()
    {
        var settings = ServerSettings.Complete(folder);
        Assert.Equal(0, (await SymbolonProgram.RunAsync(settings, "doctor")).Code);
        Execute("PRAGMA user_version = 999");
        await RefusesAsync(settings, "newer version (schema 999");
    }

    [Fact]
    public void Find_NamesThePackage_WhenTheLibraryIsMissing()
    {
        var failure = Assert.Throws<StorageStartException>(() => SqliteLibrary.Find(["libsqlite3.so.nowhere"]));
        Assert.Contains("apt-get install libsqlite3-0", failure.Message, StringComparison.Ordinal);
    }

    private ServerSettings Database(string path) => ServerSettings.Complete(folder).With("ConnectionStrings:Symbolon", $"Data Source={path}");

    private void Execute(string sql)
    {
        using var db = new StoreConnection(folder.Database, create: true, TimeSpan.FromSeconds(5));
        db.Execute(sql);
    }
}
