using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Symbolon.Bench.Refresh;

/// <summary>The real server in a process of its own, on a seeded database. Its processor time is what the system accounts to that process.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20), StopLimit = TimeSpan.FromSeconds(40);

    private readonly Process process;

    private ServerProcess(Process process, int port) => (this.process, Port) = (process, port);

    public int Port { get; }

    public int Id => process.Id;

    /// <summary>User and system time of the server so far.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    public static async Task<ServerProcess> StartAsync(Seed seed, params (string Name, string Value)[] settings)
    {
        var port = FreePort();
        var start = new ProcessStartInfo("dotnet", [Program(), "--urls", $"http://127.0.0.1:{port}"]) { RedirectStandardOutput = true, UseShellExecute = false };
        var environment = start.Environment;
        foreach (var name in environment.Keys.Where(name => name.StartsWith("Symbolon__", StringComparison.OrdinalIgnoreCase)).ToList()) environment.Remove(name);
        environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        environment["ConnectionStrings__Symbolon"] = $"Data Source={seed.File}";
        environment["Symbolon__Issuer"] = Seed.Issuer;
        environment["Symbolon__MasterKeys__0__Id"] = "1";
        environment["Symbolon__MasterKeys__0__Value"] = Convert.ToBase64String(seed.MasterKey);
        environment["Symbolon__Admin__Password"] = Guid.NewGuid().ToString();
        foreach (var (name, value) in settings) environment[name] = value;

        var started = Process.Start(start)!;
        started.OutputDataReceived += (_, _) => { }; // read, so that its log never waits for us
        started.BeginOutputReadLine();
        var server = new ServerProcess(started, port);
        try
        {
            await server.WaitUntilReadyAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
            using var patience = new CancellationTokenSource(StopLimit);
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
            }
        }

        process.Dispose();
    }

    private async Task WaitUntilReadyAsync()
    {
        using var http = new HttpClient();
        for (var waiting = Stopwatch.StartNew(); waiting.Elapsed < StartLimit && !process.HasExited; await Task.Delay(100))
        {
            try
            {
                using var answer = await http.GetAsync($"http://127.0.0.1:{Port}/health/ready");
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }

        throw new InvalidOperationException("The server did not become ready.");
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static string Program()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Symbolon.slnx"))) folder = folder.Parent ?? throw new InvalidOperationException("Run this inside the repository.");
        return Path.Combine(folder.FullName, "src", "Symbolon.Server", "bin", "Release", "net10.0", "symbolon.dll");
    }
}
