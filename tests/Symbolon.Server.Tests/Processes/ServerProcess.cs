using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Symbolon.Server.Processes;

/// <summary>A running server, as a process of its own. Killed at the latest when the test is over.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private const int Terminate = 15;

    private readonly Process process;
    private readonly ConcurrentQueue<string> output = [], errors = [];
    private readonly Task reading;
    private readonly long startedAt = Stopwatch.GetTimestamp();

    private ServerProcess(ServerSettings settings)
    {
        Settings = settings;
        process = SymbolonProgram.Start(settings);
        AppDomain.CurrentDomain.ProcessExit += KillAtExit;
        reading = Task.WhenAll(Keep(process.StandardOutput, output), Keep(process.StandardError, errors));
        Api = new Api(new Uri(settings.Address));
    }

    public ServerSettings Settings { get; }

    public Api Api { get; }

    public string Output => string.Join('\n', output);

    public string Errors => string.Join('\n', errors);

    public string All => $"{Output}\n{Errors}";

    public int Id => process.Id;

    /// <summary>Starts a server; it may not listen yet.</summary>
    public static ServerProcess Start(ServerSettings settings) => new(settings);

    /// <summary>Starts a server and waits until it is ready.</summary>
    public static async Task<ServerProcess> ReadyAsync(ServerSettings settings)
    {
        var server = Start(settings);
        try
        {
            await server.ReadyAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until it is ready and answers how long that took from its start.</summary>
    public async Task<TimeSpan> ReadyAsync()
    {
        await AnswersAsync("/health/ready", 200);
        return Stopwatch.GetElapsedTime(startedAt);
    }

    /// <summary>Waits until a path is answered with a status.</summary>
    public Task AnswersAsync(string path, int status) => Patiently.TrueAsync(async () =>
    {
        if (process.HasExited)
        {
            await reading;
            Assert.Fail($"The server ended with {process.ExitCode}.\n{All}");
        }

        return await Api.TryGetAsync(path) is { } answer && answer.Status == status;
    }, () => $"{path} was not answered with {status}.\n{All}");

    /// <summary>SIGKILL: nothing is finished, flushed or closed.</summary>
    public void Kill()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
    }

    /// <summary>SIGTERM, as a service manager sends it.</summary>
    public void AskToStop() => Assert.Equal(0, SendSignal(process.Id, Terminate));

    /// <summary>Waits for its end and answers its exit code; all output has been read then.</summary>
    public async Task<int> ExitAsync()
    {
        using var patience = new CancellationTokenSource(Patiently.Patience);
        await process.WaitForExitAsync(patience.Token);
        await reading;
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= KillAtExit;
        Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        Api.Dispose();
    }

    private void KillAtExit(object? sender, EventArgs e) => Kill();

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendSignal(int process, int signal);

    private static async Task Keep(StreamReader from, ConcurrentQueue<string> lines)
    {
        while (await from.ReadLineAsync() is { } line) lines.Enqueue(line);
    }
}
