using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Symbolon.Testing;

/// <summary>
/// The real server in a process of its own: Development, SQLite in a folder of its own, a free loopback port. The port and the folder
/// stay the same when it is killed and started again.
/// </summary>
/// <remarks>The test project refers to Symbolon.Server with <c>ReferenceOutputAssembly="false"</c>, so that it is built before.</remarks>
public sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>The name of the administrator of every server that is started here.</summary>
    public const string AdminUserName = "admin";

    /// <summary>The administrator's password.</summary>
    public const string AdminPassword = "only the tests know this one";

    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(60);
    private readonly Dictionary<string, string> settings;
    private readonly ConcurrentQueue<string> output = new();
    private Process? process;

    private ServerProcess(IEnumerable<(string Key, string Value)> settings)
    {
        Folder = Directory.CreateTempSubdirectory("symbolon-server-").FullName;
        Address = new Uri($"http://127.0.0.1:{FreePort()}");
        this.settings = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_URLS"] = Address.GetLeftPart(UriPartial.Authority),
            ["ConnectionStrings__Symbolon"] = $"Data Source={Path.Combine(Folder, "symbolon.db")}",
            ["Symbolon__Admin__UserName"] = AdminUserName,
            ["Symbolon__Admin__Password"] = AdminPassword,
            ["Symbolon__Accounts__LoginsPerMinute"] = "100000",
            ["Symbolon__Accounts__RegistrationsPerMinute"] = "100000",
        };
        foreach (var (key, value) in settings) this.settings[key.Replace(":", "__", StringComparison.Ordinal)] = value;
    }

    /// <summary>Where it listens, without a path.</summary>
    public Uri Address { get; }

    /// <summary>Where its data are; deleted in the end.</summary>
    public string Folder { get; }

    /// <summary>All that it has printed so far, over all starts.</summary>
    public string Output => string.Join('\n', output);

    /// <summary>Starts a server and waits until it listens.</summary>
    /// <param name="settings">Configuration on top, such as <c>("Symbolon:Refresh:Settle", "00:00:01")</c>, and other variables of the environment.</param>
    public static async Task<ServerProcess> StartAsync(params IEnumerable<(string Key, string Value)> settings)
    {
        var server = new ServerProcess(settings);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Starts it on the same data, after <see cref="KillAsync"/>, and waits until it listens.</summary>
    public async Task StartAgainAsync()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var start = new ProcessStartInfo("dotnet", [Program()])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Folder,
        };
        foreach (var (key, value) in settings) start.Environment[key] = value;

        process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Read(line.Data, started);
        process.ErrorDataReceived += (_, line) => Read(line.Data, started);
        process.Exited += (_, _) => started.TrySetException(new InvalidOperationException($"The server ended instead of starting.\n{Output}"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await started.Task.WaitAsync(StartsWithin);
    }

    /// <summary>SIGKILL: no clean-up, no warning, as when the power fails but for the disk's own cache.</summary>
    public async Task KillAsync()
    {
        if (process is null) return;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    /// <summary>SIGSTOP: its connections stand, and it does nothing.</summary>
    public Task PauseAsync() => new ProcessFamily(process!.Id).PauseAsync();

    /// <summary>SIGCONT, after <see cref="PauseAsync"/>.</summary>
    public void Resume() => new ProcessFamily(process!.Id).Resume();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private void Read(string? line, TaskCompletionSource started)
    {
        if (line is null) return;
        output.Enqueue(line);
        if (line.Contains("Application started", StringComparison.Ordinal)) started.TrySetResult();
    }

    /// <summary>symbolon.dll, as built with the tests: the same configuration and framework as theirs.</summary>
    private static string Program()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var (framework, configuration) = (own.Name, own.Parent!.Name);
        return Path.Combine(Repository.Root, "src", "Symbolon.Server", "bin", configuration, framework, "symbolon.dll");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, port: 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
