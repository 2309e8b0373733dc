namespace Symbolon.Revocation;

/// <summary>How far a verifier has read the revocation log, and what it then holds to be revoked. Immutable.</summary>
/// <param name="Timeline">The timeline it reads; null before the first snapshot.</param>
/// <param name="Seq">The number up to which it has read everything.</param>
/// <param name="Denylist">What is revoked.</param>
public sealed record RevocationView(string? Timeline, long Seq, Denylist Denylist)
{
    /// <summary>Nothing was read yet.</summary>
    public static RevocationView None { get; } = new(null, 0, Denylist.Empty);

    /// <summary>Takes a piece of the log. Whatever it says, nothing that is held is given up: only <see cref="Denylist.WithoutPassed"/> drops.</summary>
    /// <returns>The view after it, and what came of it.</returns>
    public (RevocationView View, RevocationTake Take) With(RevocationPage page)
    {
        ArgumentNullException.ThrowIfNull(page);
        var denylist = Denylist.With(page.Entries.Select(logged => logged.Entry).OfType<RevocationEntry>());
        var held = this with { Denylist = denylist };
        if (!IsOrdered(page))
            return (held, RevocationTake.Resync);
        if (page.Since is null)
            return (new RevocationView(page.Timeline, page.Seq, denylist), RevocationTake.Taken);
        if (page.Timeline != Timeline || page.Since > Seq || page.Newest < Seq)
            return (held, RevocationTake.Resync); // another history, a gap, or a log that lost what we have read
        return page.Seq <= Seq ? (held, RevocationTake.Known) : (held with { Seq = page.Seq }, RevocationTake.Taken);
    }

    // Numbers have no holes, so a page says all there is between its ends, in order.
    private static bool IsOrdered(RevocationPage page)
    {
        var expected = page.Since ?? (page.Entries.Count > 0 ? page.Entries[0].Seq - 1 : page.Seq);
        foreach (var logged in page.Entries)
        {
            if (logged.Seq != ++expected)
                return false;
        }

        return expected == page.Seq && page.Seq <= page.Newest;
    }
}

/// <summary>What came of a piece of the log.</summary>
public enum RevocationTake
{
    /// <summary>It went on from where the view was.</summary>
    Taken,

    /// <summary>It was known already.</summary>
    Known,

    /// <summary>It does not fit: a gap, disorder, another timeline, or a log that went back. Take a snapshot.</summary>
    Resync,
}
