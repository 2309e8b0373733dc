using System.Security.Cryptography;

namespace Symbolon.Testing;

/// <summary>What initdb makes, once in a test process: each server works on a copy, which costs a tenth of making it again.</summary>
internal sealed class PostgresData
{
    private static readonly Lazy<Task<PostgresData>> Empty = new(MakeAsync);
    private readonly PostgresFolder folder;

    private PostgresData(PostgresFolder folder, string password) => (this.folder, Password) = (folder, password);

    /// <summary>The superuser's.</summary>
    public string Password { get; }

    /// <summary>An empty server's data.</summary>
    public static Task<PostgresData> EmptyAsync() => Empty.Value;

    /// <summary>Fills a folder.</summary>
    public Task CopyAsync(PostgresFolder target) => PostgresPrograms.RunAsync("cp", "-a", "--reflink=auto", folder.Data, target.Data);

    private static async Task<PostgresData> MakeAsync()
    {
        var made = new PostgresData(await PostgresFolder.CreateAsync(onDisk: false), RandomNumberGenerator.GetHexString(32, lowercase: true));

        // As a file: a process's arguments are everybody's to read. The folder itself is not.
        var file = Path.Combine(made.folder.Path, "password");
        await File.WriteAllTextAsync(file, made.Password);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        await PostgresPrograms.RunAsync(
            PostgresPrograms.Path("initdb"), "-D", made.folder.Data, "-U", PostgresServer.UserName, "--auth=scram-sha-256", $"--pwfile={file}",
            "--encoding=UTF8", "--locale=C.UTF-8", "--wal-segsize=1", "--no-sync", "--no-instructions");
        return made;
    }
}
