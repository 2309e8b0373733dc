namespace Symbolon.Client.Stores;

/// <summary>One file of tokens: only its owner's, replaced whole, on the disk when the call returns.</summary>
internal static class TokenFile
{
    private const string Beside = ".new";
    private const int Longest = 1024 * 1024;
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Makes the folder, mode 0700. One in which others may replace files is refused.</summary>
    public static void PrepareFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }

        if (!Directory.Exists(folder)) Directory.CreateDirectory(folder, Owner | UnixFileMode.UserExecute);
        if ((File.GetUnixFileMode(folder) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != UnixFileMode.None)
            throw new TokenStoreException($"Others may write to {folder}, where tokens are kept. Use a folder of this program alone: chmod 700 '{folder}'.");
    }

    /// <summary>Its content; null when there is none.</summary>
    public static byte[]? Read(string path)
    {
        try
        {
            // Others may replace it meanwhile, on Windows too.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Write | FileShare.Delete);
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.SafeFileHandle) & Others) != UnixFileMode.None)
                throw new TokenStoreException($"{path} holds tokens, and others may read it. Who could read it may have copied them: sign out, delete the file, and sign in again.");
            if (file.Length > Longest) return [];
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (EndOfStreamException)
        {
            return [];
        }
    }

    /// <summary>Removes it, and what writers that were killed have left of it.</summary>
    public static void Delete(string path)
    {
        File.Delete(path);
        foreach (var left in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, $"{Path.GetFileName(path)}.*{Beside}")) File.Delete(left);
    }

    /// <summary>Replaces it: written beside, flushed, renamed. After a crash there is the old one or the new one.</summary>
    public static void Replace(string path, byte[] bytes)
    {
        var beside = $"{path}.{Guid.NewGuid():N}{Beside}"; // of this writer alone, also where locks do not work and processes have the same id
        var how = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) how.UnixCreateMode = Owner;

        try
        {
            using (var file = new FileStream(beside, how))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }
}
