using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Security.Cryptography;
using Symbolon.Keys;
using Symbolon.Server.Processes;
using Symbolon.Server.Start;
using Symbolon.Storage;

namespace Symbolon.Server.Secrets;

/// <summary>Tokens, passwords, cookies and keys stand in no log, no problem document, no database file, no span and no metric.</summary>
public sealed class LogScrubTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly SecretBag secrets = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Secrets_StandNowhere_WhenAServerLogsEverything()
    {
        await using var server = await ServerProcess.ReadyAsync(Settings());
        var password = MasterKeyTests.Printed(server.Output)!;
        var traffic = new Traffic(server.Api, secrets);
        await traffic.RunAsync(password);
        await OutageAsync(server, traffic);
        AddKeys();
        Assert.Empty(InFiles()); // while the log is not folded in yet

        server.AskToStop();
        Assert.Equal(0, await server.ExitAsync());
        Assert.Contains("trce:", server.Output, StringComparison.Ordinal);
        var allowed = $"Its password, shown only now: {password}"; // printed once, for the operator
        Assert.Empty(secrets.FoundIn(server.All.Replace(allowed, "", StringComparison.Ordinal)));
        Assert.All(traffic.Answers, answer => Assert.Empty(secrets.FoundIn(answer)));
        Assert.Empty(InFiles());
        Assert.True(secrets.Count > 100, $"only {secrets.Count} secrets were looked for");
    }

    [Fact]
    public async Task Secrets_StandInNoSpanAndNoMetric()
    {
        var told = new ConcurrentBag<string>();
        using var spans = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => told.Add($"{span.DisplayName} {string.Join(' ', span.TagObjects)} {string.Join(' ', span.Baggage)} "
                + string.Join(' ', span.Events.Select(happened => $"{happened.Name} {string.Join(' ', happened.Tags)}"))),
        };
        ActivitySource.AddActivityListener(spans);
        using var meters = new MeterListener { InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument) };
        meters.SetMeasurementEventCallback<long>((instrument, _, tags, _) => told.Add($"{instrument.Name} {Text(tags)}"));
        meters.SetMeasurementEventCallback<double>((instrument, _, tags, _) => told.Add($"{instrument.Name} {Text(tags)}"));
        meters.Start();

        await using (var server = await InProcessServer.StartAsync(Settings())) await new Traffic(server.Api, secrets).RunAsync(InProcessServer.AdminPassword);
        Assert.Contains(told, line => line.StartsWith("symbolon.refresh", StringComparison.Ordinal));
        Assert.Contains(told, line => line.StartsWith("http.server.request.duration", StringComparison.Ordinal));
        Assert.All(told.Distinct(), line => Assert.Empty(secrets.FoundIn(line)));
    }

    // Reuse is found without a wait; the framework tells all it can.
    private ServerSettings Settings() => ServerSettings.Complete(folder)
        .With("Symbolon:Refresh:Settle", "00:00:00")
        .With("Symbolon:Clients:0:Id", "shop").With("Symbolon:Clients:0:SecretHash", Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Traffic.ShopSecret))))
        .With("Logging:LogLevel:Default", "Trace").With("Logging:LogLevel:Microsoft.AspNetCore", "Trace").With("Logging:LogLevel:Microsoft.Hosting.Lifetime", "Trace");

    private async Task OutageAsync(ServerProcess server, Traffic traffic)
    {
        var tokens = await traffic.PostAsync(201, "/auth/register", new { username = "irene", password = secrets.Add("irene's password", "irene and the lock") });
        using (var other = new StoreConnection(folder.Database, create: false, TimeSpan.FromSeconds(10)))
        {
            other.Execute("BEGIN EXCLUSIVE");
            await traffic.PostAsync(503, "/auth/refresh", new { refresh_token = tokens.RefreshToken });
            await traffic.PostAsync(503, "/auth/login", new { username = "irene", password = "irene and the lock" });
            other.Execute("ROLLBACK");
        }

        await traffic.PostAsync(200, "/auth/refresh", new { refresh_token = tokens.RefreshToken });
    }

    // The master key, and the private keys that it seals.
    private void AddKeys()
    {
        var master = Convert.FromBase64String(File.ReadAllText(folder.File("master.key")));
        secrets.AddKey("the master key", master);
        using var database = new SqliteDatabase(new SqliteOptions { DataSource = folder.Database }, TimeProvider.System);
        database.Open();
        foreach (var key in new SqliteKeyStore(database).LoadAsync(default).AsTask().GetAwaiter().GetResult().Ring.Keys)
        {
            var secret = SealedKey.Open(key.Sealed.AsSpan(), key.Kid, new MasterKeys([(1, master)]))!;
            secrets.AddKey("a signing key", secret);
            using var ecdsa = ECDsa.Create();
            ecdsa.ImportPkcs8PrivateKey(secret, out _);
            secrets.AddKey("a signing key's number", ecdsa.ExportParameters(includePrivateParameters: true).D!);
        }
    }

    private IEnumerable<string> InFiles() =>
        from file in Directory.EnumerateFiles(folder.Path, "symbolon.db*")
        from found in secrets.FoundIn(File.ReadAllBytes(file))
        select $"{found} in {Path.GetFileName(file)}";

    private static string Text(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = "";
        foreach (var (name, value) in tags) text += string.Create(CultureInfo.InvariantCulture, $"{name}={value} ");
        return text;
    }
}
