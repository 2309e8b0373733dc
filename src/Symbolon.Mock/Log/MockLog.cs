using System.Collections.Immutable;

namespace Symbolon.Mock;

/// <summary>The requests a mock has had, apart from its own control calls and preflights. A request stands here from its arrival on, and its outcome before the answer's first byte leaves. Safe for concurrent use.</summary>
public sealed class MockLog
{
    /// <summary>How many entries are kept; the counts go on beyond that.</summary>
    public const int Capacity = 10_000;

    private const int LongestPath = 512;
    private readonly Lock gate = new();
    private readonly Dictionary<(string Method, string Path), int> counts = [];
    private readonly MockLogEntry[] ring = new MockLogEntry[Capacity];
    private long first = 1, next = 1;

    internal MockLog()
    {
    }

    /// <summary>The newest entries, the oldest of them first.</summary>
    public IReadOnlyList<MockLogEntry> Entries => Since(0).Items;

    /// <summary>How often each method and path came, for example <c>POST /auth/refresh</c>.</summary>
    public IReadOnlyDictionary<string, int> Counts
    {
        get
        {
            lock (gate) return counts.ToImmutableSortedDictionary(one => $"{one.Key.Method} {one.Key.Path}", one => one.Value, StringComparer.Ordinal);
        }
    }

    /// <summary>How often a path was called with a method, since the start or the last <see cref="Clear"/>.</summary>
    /// <param name="method">For example <c>POST</c>.</param>
    /// <param name="path">For example <c>/auth/refresh</c>; exactly, without a query.</param>
    public int Count(string method, string path)
    {
        ArgumentNullException.ThrowIfNull(method);
        lock (gate) return counts.GetValueOrDefault((method.ToUpperInvariant(), path));
    }

    /// <summary>Forgets all entries; numbers go on.</summary>
    public void Clear()
    {
        lock (gate)
        {
            counts.Clear();
            first = next;
            Array.Clear(ring);
        }
    }

    /// <summary>Notes a request; answers its number.</summary>
    internal long Begin(DateTimeOffset at, string method, string path)
    {
        if (path.Length > LongestPath) path = path[..LongestPath];
        method = method.ToUpperInvariant();
        lock (gate)
        {
            var n = next++;
            ring[n % Capacity] = new MockLogEntry(n, at, method, path);
            first = Math.Max(first, next - Capacity);
            if (counts.Count < Capacity || counts.ContainsKey((method, path))) counts[(method, path)] = counts.GetValueOrDefault((method, path)) + 1;
            return n;
        }
    }

    /// <summary>Notes what became of it; nothing when it is not kept any more.</summary>
    internal void Note(long n, Func<MockLogEntry, MockLogEntry> outcome)
    {
        lock (gate)
            if (n >= first && n < next) ring[n % Capacity] = outcome(ring[n % Capacity]);
    }

    /// <summary>The entries behind a number, and the number to go on from.</summary>
    internal (IReadOnlyList<MockLogEntry> Items, long Next) Since(long n)
    {
        lock (gate)
        {
            var from = Math.Max(first, Math.Min(n, next - 1) + 1);
            var items = new List<MockLogEntry>((int)Math.Max(0, next - from));
            for (var i = from; i < next; i++) items.Add(ring[i % Capacity]);
            return (items, next - 1);
        }
    }
}
