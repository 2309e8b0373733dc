using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Symbolon.Authority;
using Symbolon.Keys;

namespace Symbolon.Storage;

/// <summary>In Development, without a configured master key, makes one beside the database; only its owner may read it.</summary>
internal sealed class DevelopmentMasterKey(IHostEnvironment environment, IOptions<SqliteOptions> sqlite, ILogger<DevelopmentMasterKey> log)
    : IPostConfigureOptions<AuthorityOptions>
{
    private const int Id = 1;

    public void PostConfigure(string? name, AuthorityOptions options)
    {
        if (options.MasterKeys.Count > 0 || !environment.IsDevelopment()) return;
        var path = Path.ChangeExtension(Path.GetFullPath(sqlite.Value.DataSource), ".master.key");
        if (!File.Exists(path)) Make(path);
        options.MasterKeys.Add(new MasterKeyOptions { Id = Id, File = path });
    }

    // Written whole under another name first: of several servers that start at once, one wins, and none reads half a key.
    private void Make(string path)
    {
        var draft = $"{path}.{Guid.NewGuid():N}";
        try
        {
            var mode = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) mode.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var writer = new StreamWriter(draft, mode)) writer.WriteLine(Convert.ToBase64String(RandomNumberGenerator.GetBytes(MasterKeys.Size)));
            File.Move(draft, path, overwrite: false);
            log.MasterKeyMade(path);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(draft);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageStartException($"A master key cannot be made at '{path}': {e.Message}", e);
        }
    }
}
