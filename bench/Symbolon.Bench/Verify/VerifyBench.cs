using Symbolon.Bench.Tokens;
using Symbolon.Revocation;

namespace Symbolon.Bench.Verify;

/// <summary><c>./bench.sh verify</c>.</summary>
internal static class VerifyBench
{
    private const int Many = 1_000_000;

    public static int Run(bool quick)
    {
        var (rounds, slice, warmUp) = quick ? (5, 5, 100) : (31, 40, 500);
        var peers = new VerifyPeers();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var million = VerifyPeers.Revoked(Many);
        var perEntry = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / Many;
        var (perToken, perPlace) = peers.RememberedBytes();

        Contender[] known =
        [
            peers.Hit("known, nothing revoked", Denylist.Empty), peers.Hit("known, 1,000 entries", VerifyPeers.Revoked(1_000)), peers.Hit("known, 1,000,000 entries", million),
            peers.Hit("known, one token only, 1,000,000 entries", million, distinct: 1), peers.Dictionary(),
        ];
        Contender[] first = [peers.FirstSight(), peers.EcdsaAlone(), peers.JsonWebTokenHandler()];
        Contender[] all = [.. known, .. first];
        Measure(all, rounds, slice, warmUp);
        var worst = WorstTokens.Of(peers);
        Measure(worst, rounds / 4, slice, warmUp / 5);

        var (jwt, alone) = (first[2], first[1]);
        Report.Table(
            [$"10,000 tokens of {peers.MeanLength:0} characters", "nanoseconds of CPU", "to nothing revoked", "to ECDSA alone", "to JsonWebTokenHandler", "bytes"],
            [.. all.Select(one => (string[])[one.Name, $"{one.Nanoseconds:#,0}", $"{one.RatioTo(known[0]):0.00}", $"{one.RatioTo(alone):0.000}", $"1 : {jwt.RatioTo(one):#,0.0}", $"{one.Allocated:#,0}"])]);
        Report.Table(
            ["refused", "nanoseconds of CPU", "bytes"],
            [.. worst.OrderByDescending(one => one.Nanoseconds).Select(one => (string[])[one.Name, $"{one.Nanoseconds:#,0}", $"{one.Allocated:#,0}"])]);
        Report.Table(
            ["memory", "bytes"],
            [["an entry of the denylist, of 1,000,000", $"{perEntry:0.0}"], ["a remembered token with its claims", $"{perToken:#,0}"], ["its place in the table", $"{perPlace:0.0}"]]);

        var (slowest, largest) = (worst.Max(one => one.Nanoseconds), (double)worst.Max(one => one.Allocated));
        Report.Bars(
            ("known token, nanoseconds", known[0].Nanoseconds, 250, false),
            ("known token beside 1,000,000 entries, nanoseconds", known[2].Nanoseconds, 250, false),
            ("known token, bytes", known.Max(one => one.Allocated), 0, false),
            ("known token: times faster than JsonWebTokenHandler", jwt.RatioTo(known[2]), 200, true),
            ("1,000,000 entries beside none", known[2].RatioTo(known[0]), 1.2, false),
            ("first sight beside ECDSA alone", first[0].RatioTo(alone), 1.10, false),
            ("1,000,000 entries, MB", perEntry * Many / 1_000_000, 64, false),
            ("worst refused token, milliseconds", slowest / 1e6, 2, false),
            ("worst refused token, KB", largest / 1024, 64, false));
        Report.Json("verify",
        [
            ("known_ns", known[0].Nanoseconds), ("known_million_ns", known[2].Nanoseconds), ("known_bytes", known.Max(one => one.Allocated)),
            ("million_to_empty", known[2].RatioTo(known[0])), ("thousand_to_empty", known[1].RatioTo(known[0])), ("dictionary_to_known", known[4].RatioTo(known[2])),
            ("jsonwebtokenhandler_to_known", jwt.RatioTo(known[2])), ("first_sight_to_ecdsa", first[0].RatioTo(alone)),
            ("denylist_entry_bytes", perEntry), ("remembered_token_bytes", perToken), ("worst_refused_ms", slowest / 1e6), ("worst_refused_bytes", largest),
        ]);
        return 0;
    }

    private static void Measure(IReadOnlyList<Contender> contenders, int rounds, int slice, int warmUp)
    {
        foreach (var contender in contenders) contender.WarmUp(TimeSpan.FromMilliseconds(warmUp), TimeSpan.FromMilliseconds(slice));
        for (var round = 0; round < Math.Max(3, rounds); round++)
            foreach (var contender in contenders) contender.Measure();
    }
}
