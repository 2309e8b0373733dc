using System.Reflection;

namespace Symbolon.Conventions.Tests;

/// <summary>The repository's own files, without what builds and installs leave behind.</summary>
internal static class Repository
{
    private static readonly string[] Left = ["bin", "obj", "node_modules", ".git", "artifacts", ".next", "dist", "types"];

    public static string Root { get; } = Path.GetFullPath(
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "RepositoryRoot").Value!);

    public static IEnumerable<string> Files(string folder, params string[] extensions) =>
        Walk(new DirectoryInfo(Path.Combine(Root, folder))).Where(file => extensions.Contains(Path.GetExtension(file)));

    public static string Name(string file) => Path.GetRelativePath(Root, file).Replace('\\', '/');

    private static IEnumerable<string> Walk(DirectoryInfo folder) => !folder.Exists ? []
        : folder.EnumerateFiles().Select(file => file.FullName)
            .Concat(folder.EnumerateDirectories().Where(sub => !Left.Contains(sub.Name)).SelectMany(Walk));
}
