using System.Diagnostics;
using System.Globalization;

namespace Symbolon.Testing;

/// <summary>
/// A server's folder and its guard: a process that outlives the tests, if only for a moment. When they end, in whatever way, it kills what works in
/// the folder and deletes it.
/// </summary>
internal sealed class PostgresFolder : IAsyncDisposable
{
    private const string Prefix = "symbolon-postgres-";
    private const long EnoughMemory = 4L << 30;

    // Not the user's own folder for temporary files: a socket's path must be short, and the server's user must reach it.
    private const string Disk = "/tmp";
    private const string Memory = "/dev/shm";

    // The pipe is closed by whatever ends the tests. Every process of a server works in its data folder. After SIGKILL, the segment of shared memory
    // that serves as its lock is still there.
    private const string Guard =
        """
        trap '' INT TERM HUP
        exec >/dev/null 2>&1
        while read -r _; do :; done
        segment=$(sed -n '7s/.* //p' "$0/data/postmaster.pid")
        rounds=0 found=yes
        while [ "$found" ] && [ "$rounds" -lt 500 ]; do
          rounds=$((rounds + 1)) found=
          for process in /proc/[0-9]*; do
            [ "$process/cwd" -ef "$0/data" ] && kill -KILL "${process#/proc/}" && found=yes
          done
          [ -z "$found" ] || sleep 0.02
        done
        [ -z "$segment" ] || ipcrm -m "$segment"
        rm -rf "$0"
        """;

    private static readonly Lazy<Task> Stale = new(RemoveStaleAsync);
    private readonly Process guard;

    private PostgresFolder(string path)
    {
        Path = path;
        guard = StartGuard(path);
    }

    /// <summary>Its path; nobody but the server's user can read it.</summary>
    public string Path { get; }

    /// <summary>Where the data are; made by who fills it.</summary>
    public string Data => System.IO.Path.Combine(Path, "data");

    /// <summary>What the server says.</summary>
    public string LogFile => System.IO.Path.Combine(Path, "log");

    /// <summary>Makes one: in memory where there is enough, since a database costs a tenth there. What earlier tests have left behind, guard and all, is removed before.</summary>
    public static async Task<PostgresFolder> CreateAsync(bool onDisk)
    {
        await Stale.Value;
        var parent = !onDisk && Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace >= EnoughMemory ? Memory : Disk;
        var path = System.IO.Path.Combine(parent, $"{Prefix}{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}");
        await PostgresPrograms.RunAsync("mkdir", "-m", "700", path);
        return new PostgresFolder(path);
    }

    /// <summary>Kills what works in it and deletes it.</summary>
    public ValueTask DisposeAsync() => EndAsync(guard);

    private static async Task RemoveStaleAsync()
    {
        var left = new[] { Disk, Memory }.Where(Directory.Exists).SelectMany(parent => Directory.EnumerateDirectories(parent, $"{Prefix}*"));
        var stale = left.Where(path => Owner(path) is { } owner && !Directory.Exists($"/proc/{owner}"));
        foreach (var path in stale.ToArray()) await EndAsync(StartGuard(path));
    }

    private static int? Owner(string path) =>
        int.TryParse(System.IO.Path.GetFileName(path).Split('-')[2], CultureInfo.InvariantCulture, out var process) ? process : null;

    private static Process StartGuard(string path)
    {
        var start = PostgresPrograms.Start("sh", "-c", Guard, path);
        start.RedirectStandardInput = true;
        return Process.Start(start)!;
    }

    private static async ValueTask EndAsync(Process guard)
    {
        guard.StandardInput.Close();
        await guard.WaitForExitAsync().WaitAsync(Patiently.Patience);
        guard.Dispose();
    }
}
