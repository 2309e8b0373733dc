using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Symbolon.Bench.Processes;

/// <summary>A program in a process of its own. Its processor time and its memory are what the system accounts to that process.</summary>
internal sealed partial class MeasuredProcess : IAsyncDisposable
{
    private const int Terminate = 15, Continue = 18, Stop = 19; // Linux
    private const int LastLines = 20;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20), StopLimit = TimeSpan.FromSeconds(40), LookEvery = TimeSpan.FromMilliseconds(5);

    private readonly Process process;
    private readonly Queue<string> output = new();

    private MeasuredProcess(ProcessStartInfo start)
    {
        (start.UseShellExecute, start.RedirectStandardOutput, start.RedirectStandardError) = (false, true, true);
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Keep(line.Data); // read, so that its log never waits for us
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        AppDomain.CurrentDomain.ProcessExit += KillAtExit;
    }

    public int Id => process.Id;

    /// <summary>How long it took from its start to the first answer it was waited for.</summary>
    public TimeSpan ReadyAfter { get; private set; }

    /// <summary>User and system time so far.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            process.Refresh();
            return process.HasExited ? throw new InvalidOperationException($"Process {Id} has ended with {process.ExitCode}.\n{Output()}") : process.TotalProcessorTime;
        }
    }

    /// <summary>User and system time so far of the processes that it started.</summary>
    public TimeSpan ChildrenCpuTime
    {
        get
        {
            var children = File.ReadAllText($"/proc/{Id}/task/{Id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return children.Aggregate(TimeSpan.Zero, static (sum, id) => sum + Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture)).TotalProcessorTime);
        }
    }

    /// <summary>Resident memory, bytes.</summary>
    public long Resident
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>Starts it, and waits until the address answers with success.</summary>
    public static async Task<MeasuredProcess> StartAsync(ProcessStartInfo start, Uri ready)
    {
        var from = Stopwatch.GetTimestamp();
        var started = new MeasuredProcess(start);
        try
        {
            await started.WaitAsync(ready, from);
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>How one of our own programs is started: on this port, in production, and with no setting but these.</summary>
    public static ProcessStartInfo Ours(string program, int port, params IEnumerable<(string Name, string Value)> settings)
    {
        var start = new ProcessStartInfo("dotnet", [program, "--urls", $"http://127.0.0.1:{port}"]);
        var environment = start.Environment;
        foreach (var name in environment.Keys.Where(IsSetting).ToList()) environment.Remove(name);
        environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        foreach (var (name, value) in settings) environment[name] = value;
        return start;
    }

    /// <summary>A program of this repository as it was built along.</summary>
    public static string Built(string project, string file) => Path.Combine(Root(), "src", project, "bin", "Release", "net10.0", file);

    public static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Symbolon.slnx"))) folder = folder.Parent ?? throw new InvalidOperationException("Run this inside the repository.");
        return folder.FullName;
    }

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>It stands still, as behind a network that has gone: its connections stay, and nothing comes.</summary>
    public void Pause() => Signal(Stop);

    public void Resume() => Signal(Continue);

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= KillAtExit;
        if (!process.HasExited)
        {
            Signal(Terminate);
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

    private async Task WaitAsync(Uri ready, long from)
    {
        using var http = new HttpClient();
        for (; Stopwatch.GetElapsedTime(from) < StartLimit && !process.HasExited; await Task.Delay(LookEvery))
        {
            try
            {
                using var answer = await http.GetAsync(ready);
                ReadyAfter = Stopwatch.GetElapsedTime(from);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }

        throw new InvalidOperationException($"{process.StartInfo.FileName} {process.StartInfo.ArgumentList.FirstOrDefault()} did not become ready.\n{Output()}");
    }

    private static bool IsSetting(string name) =>
        name.StartsWith("Symbolon__", StringComparison.OrdinalIgnoreCase) || name.StartsWith("Gateway__", StringComparison.OrdinalIgnoreCase) || name.StartsWith("Authentication__", StringComparison.OrdinalIgnoreCase);

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (output)
        {
            output.Enqueue(line);
            if (output.Count > LastLines) output.Dequeue();
        }
    }

    private string Output()
    {
        lock (output) return string.Join('\n', output);
    }

    private void Signal(int signal)
    {
        if (Kill(Id, signal) != 0) throw new InvalidOperationException($"Process {Id} cannot be signalled.");
    }

    private void KillAtExit(object? sender, EventArgs e) => process.Kill();

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);
}
