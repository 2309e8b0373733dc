using System.Text.Json.Nodes;

namespace Symbolon.Mock.Files;

/// <summary>Reads the files that the options name.</summary>
internal static class MockFiles
{
    private const int MostTold = 100;

    /// <summary>The accounts of a file.</summary>
    public static IReadOnlyList<MockAccount> Accounts(string path) => Load(path, AccountsFile.MaxSize, AccountsFile.Parse);

    /// <summary>The routes of a file.</summary>
    public static IReadOnlyList<MockRoute> Routes(string path) => Load(path, RoutesFile.MaxSize, RoutesFile.Parse);

    /// <summary>The data of a file.</summary>
    public static JsonObject Data(string path) => Load(path, DbFile.MaxSize, DbFile.Parse);

    private static T Load<T>(string path, int most, Func<string, ReadOnlyMemory<byte>, MockFile<T>> parse) => parse(path, Bytes(path, most)) switch
    {
        MockFile<T>.Read read => read.Value,
        MockFile<T>.Refused refused => throw new MockOptionsException(string.Join(Environment.NewLine, Told(path, refused.Mistakes))),
        _ => throw new InvalidOperationException("A file is read or refused."),
    };

    // Whoever exported a table with the wrong names needs no ten thousand lines to see it.
    private static IEnumerable<string> Told(string path, IReadOnlyList<MockFileMistake> mistakes)
    {
        foreach (var mistake in mistakes.Take(MostTold)) yield return $"{mistake}";
        if (mistakes.Count > MostTold) yield return $"{path}: and {mistakes.Count - MostTold} more mistakes";
    }

    // One byte more than is read is enough to refuse it. A pipe has no length: --users <(…).
    private static byte[] Bytes(string path, int most)
    {
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[file.CanSeek ? Math.Min(file.Length, most + 1L) : most + 1L];
            return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new MockOptionsException($"{path}: the file cannot be read: {e.Message}", e);
        }
    }
}
