using System.Reflection;

namespace Symbolon.Storage;

/// <summary>The numbered scripts of an engine's schema, in order: <c>Schema/Engine/NNNN_name.sql</c>, each applied once.</summary>
internal static class Scripts
{
    public static IReadOnlyList<string> Of(string engine)
    {
        var assembly = Assembly.GetExecutingAssembly();
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith($"{engine}/", StringComparison.Ordinal) || name.StartsWith($"{engine}\\", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name =>
                {
                    using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                    return reader.ReadToEnd();
                }),
        ];
    }
}
