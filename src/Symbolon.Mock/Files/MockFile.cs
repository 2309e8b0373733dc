namespace Symbolon.Mock.Files;

/// <summary>What reading a file led to.</summary>
/// <typeparam name="T">What it holds.</typeparam>
internal abstract record MockFile<T>
{
    private MockFile() { }

    /// <summary>All of it is right.</summary>
    public sealed record Read(T Value) : MockFile<T>;

    /// <summary>It is refused whole; every mistake that was found, in the order of lines.</summary>
    public sealed record Refused(IReadOnlyList<MockFileMistake> Mistakes) : MockFile<T>;
}

/// <summary>One mistake in a file.</summary>
/// <param name="File">The file's name, as it was given.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Message">What was expected, and what stands there. Never a password.</param>
internal sealed record MockFileMistake(string File, int Line, string Message)
{
    /// <summary>As compilers write it: editors jump to it.</summary>
    public override string ToString() => $"{File}:{Line}: {Message}";
}
