namespace Symbolon.Client.Stores;

/// <summary>A lock between processes: an open file that nobody else may open. The system releases it when the process ends.</summary>
internal static class LockFile
{
    private const int NoSpace = 28, ReadOnly = 30, DiskFull = 112, HandleDiskFull = 39; // ENOSPC, EROFS; and Windows' names
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(15);

    /// <summary>Takes it, or gives up.</summary>
    /// <exception cref="TokenStoreException">It cannot be opened at all: no waiting helps.</exception>
    public static async Task<IDisposable?> TryTakeAsync(string path, TimeSpan wait, TimeProvider time, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            if (TryTake(path) is { } taken) return taken;
            if (time.GetElapsedTime(started) >= wait) return null;
            await Task.Delay(Pause * (0.5 + Random.Shared.NextDouble()), time, ct).ConfigureAwait(false);
        }
    }

    private static FileStream? TryTake(string path)
    {
        try
        {
            var how = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
            if (!OperatingSystem.IsWindows()) how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            return new FileStream(path, how);
        }
        catch (Exception e) when (IsHopeless(e))
        {
            throw new TokenStoreException($"{path} cannot be opened: {e.Message} Check the folder, its owner and its space.", e);
        }
        catch (IOException)
        {
            return null; // held
        }
    }

    // Not the folder's owner, no such folder, a disk that is full or may not be written to.
    private static bool IsHopeless(Exception e) => e is UnauthorizedAccessException or DirectoryNotFoundException || (e is IOException && (e.HResult & 0xFFFF) is NoSpace or ReadOnly or DiskFull or HandleDiskFull);
}
