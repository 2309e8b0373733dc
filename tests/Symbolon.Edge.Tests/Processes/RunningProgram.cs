using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Symbolon.Testing;

namespace Symbolon.Edge.Processes;

/// <summary>A program started as an operator starts it: a command, an environment, a folder. Ended at the latest when the test is over, with all that it started.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    private readonly Process process;
    private readonly ConcurrentQueue<string> output = [], errors = [];

    private RunningProgram(string command, IEnumerable<string> arguments, string folder, IEnumerable<(string Key, string Value)> environment)
    {
        var start = new ProcessStartInfo(command, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        foreach (var (key, value) in environment) start.Environment[key] = value;
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Keep(output, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(errors, line.Data);
        AppDomain.CurrentDomain.ProcessExit += KillAtExit;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Debug or Release: what the tests were built as, and so the programs beside them.</summary>
    public static string Built { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>What it has printed.</summary>
    public string Output => string.Join('\n', output);

    /// <summary>What it has printed on standard error.</summary>
    public string Errors => string.Join('\n', errors);

    /// <summary>Starts one of the repository's scripts, from its root.</summary>
    public static RunningProgram Script(string path, string argument, IEnumerable<(string Key, string Value)> environment) =>
        new("bash", [path, argument], Repository.Root, environment);

    /// <summary>Starts the gateway.</summary>
    public static RunningProgram Gateway(string folder, params IEnumerable<(string Key, string Value)> environment) => new(
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
        [Path.Combine(Repository.Root, "src", "Symbolon.Gateway", "bin", Built, "net10.0", "symbolon-gateway.dll")], folder, environment);

    /// <summary>A port that nobody listens on.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, port: 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Waits until it has printed this.</summary>
    public Task PrintsAsync(string text) => Patiently.TrueAsync(
        () =>
        {
            var isThere = output.Any(line => line.Contains(text, StringComparison.Ordinal));
            Assert.True(isThere || !process.HasExited, $"It ended instead of printing '{text}'.\n{Output}\n{Errors}");
            return Task.FromResult(isThere);
        },
        () => $"It does not print '{text}'.\n{Output}\n{Errors}");

    /// <summary>Waits for its end: the exit code.</summary>
    public async Task<int> EndAsync()
    {
        await process.WaitForExitAsync().WaitAsync(Patiently.Patience);
        return process.ExitCode;
    }

    /// <summary>SIGTERM, and its end: the exit code.</summary>
    public Task<int> StopAsync()
    {
        Signals.Terminate.SendTo(process);
        return EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= KillAtExit;
        Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null) lines.Enqueue(line);
    }

    private void KillAtExit(object? sender, EventArgs e) => Kill();

    private void Kill()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
    }
}
