namespace Symbolon.Mock.Faults;

/// <summary>The kinds of faults as commands, calls and the log name them.</summary>
internal static class FaultNames
{
    private static readonly (string Name, MockFaultKind Kind)[] Known =
    [
        ("status", MockFaultKind.Status), ("delay", MockFaultKind.Delay), ("reset", MockFaultKind.Reset), ("empty", MockFaultKind.Empty), ("truncate", MockFaultKind.Truncate),
        ("lost-response", MockFaultKind.LostResponse), ("html-200", MockFaultKind.Html200), ("drop-set-cookie", MockFaultKind.DropSetCookie), ("wrong-cors", MockFaultKind.WrongCors),
    ];

    /// <summary>All names.</summary>
    public static IEnumerable<string> All => Known.Select(known => known.Name);

    /// <summary>The name of a kind.</summary>
    public static string Of(MockFaultKind kind) => Known.First(known => known.Kind == kind).Name;

    /// <summary>The kind of a name, or null.</summary>
    public static MockFaultKind? Parse(string name)
    {
        foreach (var known in Known)
            if (known.Name == name) return known.Kind;
        return null;
    }
}
