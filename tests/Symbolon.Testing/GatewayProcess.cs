using System.Collections.Concurrent;
using System.Diagnostics;

namespace Symbolon.Testing;

/// <summary>The real gateway in a process of its own, on a free loopback port. Killed at the latest when the test is over.</summary>
/// <remarks>The test project refers to Symbolon.Gateway, so that it is built before.</remarks>
public sealed class GatewayProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(60);
    private readonly ConcurrentQueue<string> output = [];
    private readonly TaskCompletionSource<Uri> address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process process;

    private GatewayProcess(IEnumerable<(string Key, string Value)> settings)
    {
        var start = new ProcessStartInfo("dotnet", [Program(), "--urls", "http://127.0.0.1:0", .. settings.SelectMany(setting => new[] { $"--{setting.Key}", setting.Value })])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.Exited += (_, _) => address.TrySetException(new InvalidOperationException($"The gateway ended instead of starting.\n{Output}"));
        AppDomain.CurrentDomain.ProcessExit += KillAtExit;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; private set; }

    /// <summary>All that it has printed.</summary>
    public string Output => string.Join('\n', output);

    /// <summary>Starts one and waits until it listens.</summary>
    /// <param name="settings">Configuration, such as <c>("Gateway:Issuer", "http://127.0.0.1:5080")</c>.</param>
    public static async Task<GatewayProcess> StartAsync(params IEnumerable<(string Key, string Value)> settings)
    {
        var gateway = new GatewayProcess(settings);
        try
        {
            gateway.Port = (await gateway.address.Task.WaitAsync(StartsWithin)).Port;
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= KillAtExit;
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private void Read(string? line)
    {
        if (line is null) return;
        output.Enqueue(line);
        var at = line.IndexOf(Listening, StringComparison.Ordinal);
        if (at >= 0) address.TrySetResult(new Uri(line[(at + Listening.Length)..]));
    }

    private static string Program()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.Combine(Repository.Root, "src", "Symbolon.Gateway", "bin", own.Parent!.Name, own.Name, "symbolon-gateway.dll");
    }

    private void KillAtExit(object? sender, EventArgs e) => process.Kill();
}
