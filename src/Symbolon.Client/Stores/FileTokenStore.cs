using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Symbolon.Client.Stores;

namespace Symbolon.Client;

/// <summary>Keeps tokens in files that outlive the program and may be shared by several processes of one user: a file for each session key, mode 0600, replaced whole.</summary>
/// <remarks>A file that cannot be read as ours counts as nobody signed in; one that others may read is refused.</remarks>
public sealed class FileTokenStore : ITokenStore
{
    private static readonly TimeSpan WritersWait = TimeSpan.FromSeconds(5);
    private readonly FileTokenStoreOptions options;
    private readonly ILogger log;
    private readonly TimeProvider time;
    private volatile bool hasFolder;

    /// <summary>A store in a folder.</summary>
    public FileTokenStore(string directory) : this(Options.Create(new FileTokenStoreOptions { Directory = directory }))
    {
    }

    /// <summary>A store as its options say.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="log">Told of files that cannot be read.</param>
    /// <param name="time">Clock of the waiting for other processes.</param>
    public FileTokenStore(IOptions<FileTokenStoreOptions> options, ILogger<FileTokenStore>? log = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        (this.options, this.log, this.time) = (options.Value, log ?? NullLogger<FileTokenStore>.Instance, time ?? TimeProvider.System);
        if (string.IsNullOrWhiteSpace(this.options.Directory)) throw new ArgumentException("Symbolon.Client: set FileTokenStoreOptions.Directory to a folder, for example /var/lib/orders/symbolon.", nameof(options));
        if (this.options.Protect is null != this.options.Unprotect is null) throw new ArgumentException("Symbolon.Client: set both Protect and Unprotect of FileTokenStoreOptions, or neither.", nameof(options));
    }

    /// <inheritdoc/>
    public ValueTask<StoredToken?> LoadAsync(string key, CancellationToken ct) => new(Guarded(() => Read(key)));

    /// <inheritdoc/>
    public async ValueTask<bool> TrySaveAsync(string key, StoredToken next, long? expectedVersion, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(next);
        using var writer = await WriterAsync(key, ct).ConfigureAwait(false);
        return Guarded(() =>
        {
            if (Read(key)?.Version != expectedVersion) return false;
            var json = next.ToUtf8Json();
            TokenFile.Replace(PathOf(key), options.Protect is { } protect ? protect(json) : json);
            return true;
        });
    }

    /// <inheritdoc/>
    public async ValueTask ClearAsync(string key, CancellationToken ct)
    {
        using var writer = await WriterAsync(key, ct).ConfigureAwait(false);
        Guarded(() =>
        {
            TokenFile.Delete(PathOf(key));
            return true;
        });
    }

    /// <summary>Waits for the right to refresh this session, among all processes. Ends with the process that has it, however that ends.</summary>
    /// <returns>To be disposed; null when it was not to be had in time.</returns>
    internal async Task<IDisposable?> LockAsync(string key, TimeSpan wait)
    {
        Guarded(Prepare);
        try
        {
            return await LockFile.TryTakeAsync(PathOf(key) + ".refresh", wait, time, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TokenStoreException)
        {
            return null; // it saves work, no more
        }
    }

    private async Task<IDisposable> WriterAsync(string key, CancellationToken ct)
    {
        Guarded(Prepare);
        return await LockFile.TryTakeAsync(PathOf(key) + ".lock", WritersWait, time, ct).ConfigureAwait(false)
            ?? throw new TokenStoreException($"{PathOf(key)}.lock is held by another process for more than {WritersWait.TotalSeconds:0} seconds.");
    }

    private StoredToken? Read(string key)
    {
        var path = PathOf(key);
        if (TokenFile.Read(path) is not { } bytes)
        {
            // A folder that has gone, as with a volume, says nothing of a log-out.
            if (hasFolder && !Directory.Exists(options.Directory)) throw new TokenStoreException($"The folder {options.Directory}, where tokens are kept, has gone.");
            return null;
        }

        hasFolder = true;
        var token = Unprotected(bytes) is { } json ? StoredToken.FromUtf8Json(json) : null;
        if (token is null) log.FileNotReadable(path);
        return token;
    }

    private byte[]? Unprotected(byte[] bytes)
    {
        try
        {
            return options.Unprotect is { } unprotect ? unprotect(bytes) : bytes;
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null;
        }
    }

    private bool Prepare()
    {
        TokenFile.PrepareFolder(options.Directory);
        return hasFolder = true;
    }

    // Keys may be anything; file systems differ in what they keep apart.
    private string PathOf(string key)
    {
        var isPlain = key.Length is > 0 and <= 40 && key.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '_');
        return Path.Combine(options.Directory, (isPlain ? key : $"={Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..40]}") + ".token");
    }

    private static T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TokenStoreException($"The token store fails: {e.Message} Check the folder, its owner and its space.", e);
        }
    }
}
