using System.Collections.Concurrent;
using System.Diagnostics;
using Symbolon.Testing;

namespace Symbolon.Mock.Tests;

/// <summary><c>symbolon mock</c> in a process of its own.</summary>
internal sealed class MockProcess : IAsyncDisposable
{
    private const string Ready = "Symbolon mock listening on ";
    private readonly ConcurrentQueue<string> output = [];
    private readonly TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process process;

    private MockProcess(string folder, params string[] args)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var program = Path.Combine(Repository.Root, "src", "Symbolon.Server", "bin", own.Parent!.Name, own.Name, "symbolon.dll");
        var start = new ProcessStartInfo("dotnet", [program, "mock", .. args])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
            Environment =
            {
                // What is set for a server beside it.
                ["Symbolon__Issuer"] = "https://auth.example",
                ["Symbolon__AccessToken__Lifetime"] = "wrong",
                ["ASPNETCORE_URLS"] = "http://localhost:1",
            },
        };
        process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.Exited += (_, _) => listening.TrySetException(new InvalidOperationException($"The mock ended instead of starting.\n{Output}"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Uri Url { get; private set; } = null!;

    public string Output => string.Join('\n', output);

    /// <summary>Starts one and waits for its ready line.</summary>
    public static async Task<MockProcess> StartAsync(string folder, params string[] args)
    {
        var mock = new MockProcess(folder, args);
        mock.Url = await mock.listening.Task.WaitAsync(Patiently.Patience);
        return mock;
    }

    /// <summary>Runs one that cannot start; answers its exit code and what it said.</summary>
    public static async Task<(int ExitCode, string Output)> FailAsync(string folder, params string[] args)
    {
        await using var mock = new MockProcess(folder, args);
        _ = mock.listening.Task.ContinueWith(task => task.Exception, TaskScheduler.Default); // said by what it printed
        return (await mock.ExitAsync(), mock.Output);
    }

    /// <summary>Asks it to end.</summary>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await kill.WaitForExitAsync();
        return await ExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private async Task<int> ExitAsync()
    {
        await process.WaitForExitAsync().WaitAsync(Patiently.Patience);
        return process.ExitCode;
    }

    private void Read(string? line)
    {
        if (line is null) return;
        output.Enqueue(line);
        if (line.StartsWith(Ready, StringComparison.Ordinal)) listening.TrySetResult(new Uri(line[Ready.Length..]));
    }
}
