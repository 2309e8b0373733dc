namespace Symbolon.Authority;

/// <summary>Adds up what servers say about their verifiers. One that is known to several counts once, and as far as any has heard of: whoever moves to another server goes on from where it was.</summary>
internal static class ReceiptSum
{
    /// <summary>Who has acknowledged a number.</summary>
    /// <param name="seq">The number.</param>
    /// <param name="now">The clock.</param>
    /// <param name="parts">What each server says, and how long ago it said so at least: of whose lengths so much is over.</param>
    public static AcknowledgementCount Of(long seq, DateTimeOffset now, IReadOnlyList<(VerifierStandings Said, TimeSpan Ago)> parts)
    {
        var (verifiers, late, open, certainAt, names) = (0, 0, 0, (DateTimeOffset?)now, new List<string>());
        foreach (var (one, rest) in Each(parts))
        {
            verifiers++;
            if (one.Seq >= seq) continue;
            late++;
            if (one.Name is { } name) names.Add(name);
            if (rest is null) certainAt = null;
            else if (now + rest > certainAt) certainAt = now + rest;
            if (rest is null || rest > TimeSpan.Zero) open++;
        }

        foreach (var (said, _) in parts)
        {
            (verifiers, late, open) = (verifiers + said.More, late + said.MoreLate, open + said.MoreLate);
            if (!said.IsWhole) certainAt = null;
        }

        return new AcknowledgementCount(verifiers, late, names, open, certainAt);
    }

    private static IEnumerable<(VerifierStanding One, TimeSpan? Open)> Each(IReadOnlyList<(VerifierStandings Said, TimeSpan Ago)> parts)
    {
        if (parts.Count == 1) return parts[0].Said.Verifiers.Select(one => (one, Rest(one, parts[0].Ago)));
        var all = new Dictionary<string, (VerifierStanding One, TimeSpan? Open)>(parts.Sum(part => part.Said.Verifiers.Count), StringComparer.Ordinal);
        foreach (var (said, ago) in parts)
        {
            foreach (var one in said.Verifiers)
            {
                var rest = Rest(one, ago);
                all[one.Id] = !all.TryGetValue(one.Id, out var known) ? (one, rest)
                    : (one with { Seq = Math.Max(one.Seq, known.One.Seq), Name = one.Name ?? known.One.Name }, rest is null || known.Open is null ? null : Longer(rest.Value, known.Open.Value));
            }
        }

        return all.Values;
    }

    // Null: for ever.
    private static TimeSpan? Rest(VerifierStanding one, TimeSpan ago) => one.Rest == VerifierStanding.ForEver ? null : TimeSpan.FromMilliseconds(one.Rest) - ago;

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}

/// <summary>Who has acknowledged a number.</summary>
/// <param name="Verifiers">How many verifiers are known.</param>
/// <param name="Late">How many have not.</param>
/// <param name="LateNames">Names of these, as far as they are known.</param>
/// <param name="Open">How many of these may still accept what they have not read.</param>
/// <param name="CertainAt">From when on none does, by what each has declared; null when one declared to go on for ever.</param>
internal sealed record AcknowledgementCount(int Verifiers, int Late, IReadOnlyList<string> LateNames, int Open, DateTimeOffset? CertainAt);
