namespace Symbolon.Bench.Processes;

/// <summary>A folder for a run's files, beside the program, because the system's temporary folder may be in memory, where nothing is durable.</summary>
internal sealed class BenchFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "data", Guid.NewGuid().ToString("N")));

    public string File(string name) => Path.Combine(folder.FullName, name);

    public void Dispose() => folder.Delete(recursive: true);
}
