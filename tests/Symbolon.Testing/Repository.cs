namespace Symbolon.Testing;

/// <summary>The folder that the tests were built in.</summary>
public static class Repository
{
    /// <summary>Its path.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Symbolon.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests must run inside the repository: no Symbolon.slnx above them.");
    }
}
