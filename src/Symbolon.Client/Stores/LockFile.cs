namespace Symbolon.Client.Stores;

/// <summary>A lock between processes: an open file that nobody else may open. The system releases it when the process ends.</summary>
internal static class LockFile
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(15);

    /// <summary>Takes it, or gives up.</summary>
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
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // held, or not to be locked at all: who needs it knows when to give up
        }
    }
}
