using FsCheck;
using FsCheck.Fluent;
using Symbolon.Sessions;

namespace Symbolon.Revocation;

public sealed class RevocationViewTests
{
    private static readonly DateTimeOffset T0 = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    // The view has read timeline "t" up to 5. A page: its timeline, since, the numbers of its entries, seq, newest.
    public static TheoryData<string, int?, int[], int, int, RevocationTake, string, int> Pages => new()
    {
        { "t", 5, [6, 7], 7, 7, RevocationTake.Taken, "t", 7 },
        { "t", 5, [6], 6, 9, RevocationTake.Taken, "t", 6 }, // more is to come
        { "t", 3, [4, 5, 6], 6, 6, RevocationTake.Taken, "t", 6 }, // overlaps
        { "t", 5, [], 5, 5, RevocationTake.Known, "t", 5 },
        { "t", 3, [4, 5], 5, 5, RevocationTake.Known, "t", 5 },
        { "t", 2, [3], 3, 8, RevocationTake.Known, "t", 5 }, // a late answer, overtaken
        { "t", 6, [7], 7, 7, RevocationTake.Resync, "t", 5 }, // a gap
        { "t", 5, [7], 7, 7, RevocationTake.Resync, "t", 5 },
        { "t", 5, [6, 8], 8, 8, RevocationTake.Resync, "t", 5 },
        { "t", 5, [6, 6], 7, 7, RevocationTake.Resync, "t", 5 }, // twice
        { "t", 5, [7, 6], 7, 7, RevocationTake.Resync, "t", 5 }, // out of order
        { "t", 5, [6], 7, 7, RevocationTake.Resync, "t", 5 }, // claims to be complete beyond what it brings
        { "t", 5, [6, 7], 6, 7, RevocationTake.Resync, "t", 5 },
        { "t", 5, [6], 6, 5, RevocationTake.Resync, "t", 5 }, // beyond its own newest
        { "t", 3, [4], 4, 4, RevocationTake.Resync, "t", 5 }, // the log has lost what was read
        { "u", 5, [6], 6, 6, RevocationTake.Resync, "t", 5 }, // another history
        { "u", 0, [1], 1, 1, RevocationTake.Resync, "t", 5 },
        { "t", null, [3, 4, 5, 6], 6, 6, RevocationTake.Taken, "t", 6 }, // snapshots
        { "t", null, [9], 9, 20, RevocationTake.Taken, "t", 9 },
        { "t", null, [], 2, 2, RevocationTake.Taken, "t", 2 }, // restored from a backup: from here on, and nothing is given up
        { "u", null, [1, 2], 2, 2, RevocationTake.Taken, "u", 2 },
        { "u", null, [], 0, 0, RevocationTake.Taken, "u", 0 },
        { "u", null, [2, 1], 2, 2, RevocationTake.Resync, "t", 5 },
        { "u", null, [1, 3], 3, 3, RevocationTake.Resync, "t", 5 },
        { "u", null, [1, 2], 2, 1, RevocationTake.Resync, "t", 5 },
    };

    [Theory, MemberData(nameof(Pages))]
    public void With_TakesWhatGoesOn_AndKeepsEverythingItEverMet(string timeline, int? since, int[] entries, int seq, int newest, RevocationTake expected, string readTimeline, int readSeq)
    {
        var view = RevocationView.None.With(Page("t", null, [4, 5], 5, 5)).View;
        var (after, take) = view.With(Page(timeline, since, entries, seq, newest));
        Assert.Equal((expected, readTimeline, readSeq), (take, after.Timeline, after.Seq));
        Assert.All((int[])[4, 5, .. entries], number => Assert.True(Holds(after, Name("t", number)) || Holds(after, Name(timeline, number))));
        Assert.Equal(((int[])[4, 5]).Select(n => Name("t", n)).Union(entries.Select(n => Name(timeline, n))).Count(), after.Denylist.Count);
    }

    [Fact]
    public void None_TakesNothingButASnapshot()
    {
        Assert.Equal(RevocationTake.Resync, RevocationView.None.With(Page("t", 0, [1], 1, 1)).Take);
        Assert.Null(RevocationView.None.With(Page("t", 0, [1], 1, 1)).View.Timeline);
    }

    [Fact]
    public void With_PassesOver_UnknownKinds()
    {
        var page = new RevocationPage("t", null, 2, 2, T0, [new LoggedRevocation(1, null), new LoggedRevocation(2, Entry("t", 2))]);
        var (view, take) = RevocationView.None.With(page);
        Assert.Equal((RevocationTake.Taken, 2L, 1), (take, view.Seq, view.Denylist.Count));
    }

    /// <summary>
    /// A verifier that follows the log by the rules, over a network and beside an authority that do what they like: answers come late, again or not at all, the log is compacted, goes on under
    /// another timeline or from an older state, the verifier starts again. Whenever it is not sent for a snapshot, it holds every entry up to its number; and it never gives up one it has met.
    /// </summary>
    [Fact]
    public void With_IsCompleteUpToItsNumber_ForAnySequenceOfAnswers()
    {
        var step =
            from what in Gen.Frequency((8, Gen.Constant(Do.Append)), (10, Gen.Constant(Do.Ask)), (10, Gen.Constant(Do.Deliver)), (3, Gen.Constant(Do.DeliverAgain)), (2, Gen.Constant(Do.Lose)),
                (2, Gen.Constant(Do.Compact)), (1, Gen.Constant(Do.NewTimeline)), (1, Gen.Constant(Do.Restart)), (2, Gen.Constant(Do.AskFurther)))
            from number in Gen.Choose(0, 5)
            select (what, number);
        Prop.ForAll(step.ListOf(60).ToArbitrary(), steps =>
        {
            var (log, view, met, inFlight, late) = (new Log(), RevocationView.None, new HashSet<string>(), new List<RevocationPage>(), new List<RevocationPage>());
            foreach (var (what, number) in steps)
            {
                switch (what)
                {
                    case Do.Append: log.Append(number); break;
                    case Do.Compact: log.Compact(number); break;
                    case Do.NewTimeline: log.Begin(number); break;
                    case Do.Ask: inFlight.Add(log.Answer(view.Timeline, view.Seq, take: 1 + number)); break;
                    case Do.AskFurther: inFlight.Add(log.Answer(view.Timeline, view.Seq + number, take: 3)); break; // as a stream that skipped something
                    case Do.Lose when inFlight.Count > 0: inFlight.RemoveAt(number % inFlight.Count); break;
                    case Do.Restart: (view, met) = (RevocationView.None, []); break;
                    case Do.Deliver when inFlight.Count > 0:
                        late.Add(inFlight[0]);
                        inFlight.RemoveAt(0);
                        Take(late[^1]);
                        break;
                    case Do.DeliverAgain when late.Count > 0: Take(late[number % late.Count]); break;
                }

                if (view.Timeline is { } timeline && !log.EntriesOf(timeline, view.Seq).All(entry => Holds(view, entry))) return false;
                if (view.Denylist.Count != met.Count || !met.All(entry => Holds(view, entry))) return false;
            }

            return true;

            void Take(RevocationPage page)
            {
                met.UnionWith(page.Entries.Select(logged => logged.Entry!.Key));
                (view, var take) = view.With(page);
                if (take == RevocationTake.Resync) view = view with { Timeline = null }; // as the feed does: nothing but a snapshot helps
            }
        }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(Environment.GetEnvironmentVariable("SYMBOLON_LONG") == "1" ? 40_000 : 2_000));
    }

    private enum Do
    {
        Append, Ask, AskFurther, Deliver, DeliverAgain, Lose, Compact, NewTimeline, Restart,
    }

    /// <summary>The authority's side: histories by name, and which one goes on.</summary>
    private sealed class Log
    {
        private readonly Dictionary<string, (long First, List<string> Entries)> histories = new() { ["t0"] = (1, []) };
        private string current = "t0";
        private int made;

        public void Append(int count)
        {
            for (; count > 0; count--) histories[current].Entries.Add($"e{++made}");
        }

        /// <summary>What a verifier does not ask for any more is gone for it: no token that it concerns is alive.</summary>
        public void Compact(int count)
        {
            var (first, entries) = histories[current];
            count = Math.Min(count, entries.Count);
            entries.RemoveRange(0, count);
            histories[current] = (first + count, entries);
        }

        // A failover or a restore: a part of the old history, and from there on another one.
        public void Begin(int lost)
        {
            var (first, entries) = histories[current];
            var kept = entries.Take(Math.Max(0, entries.Count - lost)).ToList();
            current = $"t{histories.Count}";
            histories[current] = (first, kept);
        }

        public IEnumerable<string> EntriesOf(string timeline, long upTo) => histories[timeline].Entries.Take((int)Math.Max(0, upTo - histories[timeline].First + 1));

        public RevocationPage Answer(string? timeline, long since, int take)
        {
            var (first, entries) = histories[current];
            var newest = first + entries.Count - 1;
            var isSnapshot = timeline is null || since < first - 1 || since > newest;
            var from = isSnapshot ? first - 1 : since;
            var some = entries.Skip((int)(from - first + 1)).Take(isSnapshot ? int.MaxValue : take).Select((entry, i) => new LoggedRevocation(from + i + 1, Entry(entry))).ToArray();
            return new RevocationPage(current, isSnapshot ? null : since, from + some.Length, newest, T0, some);
        }
    }

    private static RevocationPage Page(string timeline, int? since, int[] entries, int seq, int newest) =>
        new(timeline, since, seq, newest, T0, [.. entries.Select(number => new LoggedRevocation(number, Entry(timeline, number)))]);

    private static string Name(string timeline, int number) => $"{timeline}-{number}";

    private static RevocationEntry Entry(string timeline, int number) => Entry(Name(timeline, number));

    private static RevocationEntry Entry(string key) => new(RevocationKind.Session, key, 0, T0, T0.AddHours(1), EndReason.Logout.Code());

    private static bool Holds(RevocationView view, string key) => view.Denylist.Find(new Access.AuthenticToken(Access.AccessTokenSamples.Claims with { SessionId = key }, "k")) is not null;
}
