using System.Diagnostics;
using System.Globalization;

namespace Symbolon.Testing;

/// <summary>PostgreSQL's programs as Debian installs them, never run as root: they refuse, and so would a real machine's administrator.</summary>
internal static class PostgresPrograms
{
    private static readonly Lazy<string> Folder = new(FindFolder);

    /// <summary>Who runs them: empty when the tests themselves are not run by root.</summary>
    private static readonly string[] AsUser = Environment.UserName is "root" ? ["setpriv", .. UserOptions()] : [];

    /// <summary>The path of one of the server's own programs.</summary>
    public static string Path(string program) => System.IO.Path.Combine(Folder.Value, program);

    /// <summary>How to start a program as the server's user, away from the tests' own folder and settings.</summary>
    public static ProcessStartInfo Start(params IEnumerable<string> command)
    {
        string[] all = [.. AsUser, .. command];
        var start = new ProcessStartInfo(all[0], all[1..]) { UseShellExecute = false, WorkingDirectory = "/" };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToArray()) start.Environment.Remove(name);
        start.Environment["LC_ALL"] = "C.UTF-8";
        return start;
    }

    /// <summary>Runs one to its end, which must be a good one.</summary>
    public static async Task RunAsync(params string[] command)
    {
        var start = Start(command);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(Patiently.Patience);
        if (process.ExitCode != 0) throw new InvalidOperationException($"{command[0]} ended with {process.ExitCode}.\n{await output}{await errors}");
    }

    private static string FindFolder()
    {
        const string debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(debian) ? Directory.GetDirectories(debian) : [];
        var newest = versions.Select(version => System.IO.Path.Combine(version, "bin")).Where(HasServer).MaxBy(Version);
        return newest ?? FromConfig() ?? throw new InvalidOperationException("PostgreSQL is missing. Debian's package is postgresql; ./test.sh installs it.");
    }

    private static string? FromConfig()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("pg_config", ["--bindir"]) { UseShellExecute = false, RedirectStandardOutput = true })!;
            return process.StandardOutput.ReadToEnd().Trim() is var folder && HasServer(folder) ? folder : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // there is none
        }
    }

    private static bool HasServer(string folder) => File.Exists(System.IO.Path.Combine(folder, "initdb"));

    private static int Version(string bin) => int.TryParse(new DirectoryInfo(bin).Parent!.Name, CultureInfo.InvariantCulture, out var version) ? version : 0;

    // "postgres:x:101:104:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash"
    private static string[] UserOptions()
    {
        var users = File.ReadAllLines("/etc/passwd").Select(line => line.Split(':')).ToDictionary(user => user[0]);
        var user = users.GetValueOrDefault("postgres") ?? users["nobody"];
        return ["--reuid", user[2], "--regid", user[3], "--clear-groups", "--"];
    }
}
