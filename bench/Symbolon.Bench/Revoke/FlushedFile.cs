using Microsoft.Win32.SafeHandles;

namespace Symbolon.Bench.Revoke;

/// <summary>The least that a durable commit does, without a database: a page appended to a file and flushed to the disk.</summary>
internal sealed class FlushedFile(string path) : IDisposable
{
    private readonly SafeFileHandle file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
    private readonly byte[] page = new byte[4096];
    private long length;

    public void Append()
    {
        RandomAccess.Write(file, page, length);
        RandomAccess.FlushToDisk(file);
        length += page.Length;
    }

    public void Dispose() => file.Dispose();
}
