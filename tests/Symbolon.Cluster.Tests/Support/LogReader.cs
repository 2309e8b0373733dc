using System.Collections.Concurrent;

namespace Symbolon.Cluster.Support;

/// <summary>Reads the revocation log as verifiers do, and complains of whatever [I12] excludes: a number twice, a hole, an entry below one that was read, or another entry under a number than somebody else read.</summary>
/// <param name="all">What all readers have read.</param>
internal sealed class LogReader(ConcurrentDictionary<long, string> all)
{
    /// <summary>The last number.</summary>
    public long Last { get; private set; }

    /// <summary>Takes the next entry.</summary>
    /// <exception cref="HistoryException">It must not be this one.</exception>
    public void Take(long seq, string key)
    {
        if (seq != Last + 1) throw new HistoryException($"number {seq} follows {Last}");
        if (all.GetOrAdd(seq, key) is var known && known != key) throw new HistoryException($"number {seq} is {key} here and {known} elsewhere");
        Last = seq;
    }

    /// <summary>Takes what one read of the log has brought.</summary>
    /// <exception cref="HistoryException">The log is not what a verifier may rely on.</exception>
    public void Take(Revocation.RevocationPage? page)
    {
        if (page is null) throw new HistoryException($"the log ends before {Last}");
        if (page.Since is null) Last = 0;
        foreach (var entry in page.Entries) Take(entry.Seq, $"{entry.Entry!.Kind} {entry.Entry.Key} {entry.Entry.Number}");
        if (page.Seq != Last || page.Newest < page.Seq) throw new HistoryException($"the log says it is complete up to {page.Seq} of {page.Newest} and stops at {Last}");
    }
}
