using FsCheck;
using FsCheck.Fluent;
using Symbolon.Access;
using Symbolon.Sessions;
using static Symbolon.Access.AccessTokenSamples;

namespace Symbolon.Revocation;

public sealed class DenylistTests
{
    private static readonly string[] Ids =
    [
        "01957a00-0000-7000-8000-000000000001", "01957A00-0000-7000-8000-000000000001", "01957a00-0000-7000-8000-000000000002", "01957a00000070008000000000000001",
        "AZV6AAAAcACAAAAAAAAAAQ", "AZV6AAAAcACAAAAAAAAAAR", "alice", "alice\0", "a", "0123456789abcdef", "0123456789abcdefg", "naïve", "auth0|5f7c8ec7c33c6c004bbafe82", "",
    ];

    private static readonly string[] Reasons = ["logout", "all_ended", "a_reason_of_later"];

    /// <summary>Any sequence of pages, in any order, again, with gaps, of several timelines, from a new start, and time that passes.</summary>
    [Fact]
    public void Fold_EqualsTheNaiveModel_ForAnySequence()
    {
        var entry =
            from kind in Gen.Elements(Enum.GetValues<RevocationKind>())
            from id in Gen.Elements(Ids)
            from number in Gen.Choose(0, 3)
            from until in Gen.Choose(-120, 240)
            from reason in Gen.Elements<string?>([null, .. Reasons])
            select new RevocationEntry(kind, kind == RevocationKind.Era ? "" : id, number, T0, T0.AddSeconds(until), reason);
        var filling = Gen.Choose(0, 9_000).Select(count => Enumerable.Range(0, count).Select(i => RevocationEntry.OfToken($"filling{i}", T0)).ToArray());
        var step =
            from entries in Gen.Frequency((20, entry.ArrayOf()), (1, filling))
            from isSnapshot in Gen.Elements(true, false)
            from since in Gen.Choose(0, 40)
            from shift in Gen.Choose(-1, 1)
            from timeline in Gen.Elements("a", "b")
            from sweepAt in Gen.Choose(-300, 300)
            select (entries, isSnapshot, since, shift, timeline, sweepAt);
        Prop.ForAll(step.ListOf().ToArbitrary(), steps =>
        {
            var (view, model) = (RevocationView.None, new NaiveDenylist());
            var tokens = Tokens();
            foreach (var (entries, isSnapshot, since, shift, timeline, sweepAt) in steps)
            {
                var logged = entries.Select((one, i) => new LoggedRevocation(since + shift + i + 1, one)).ToArray();
                var page = new RevocationPage(timeline, isSnapshot ? null : since, since + entries.Length, since + entries.Length, T0, logged);
                view = view.With(page).View;
                model.Take(entries);
                if (!Agree(view.Denylist, model, tokens)) return false;
                var now = T0.AddSeconds(sweepAt);
                view = view with { Denylist = view.Denylist.WithoutPassed(now) };
                model.DropPassed(now);
                if (!Agree(view.Denylist, model, tokens)) return false;
            }

            return true;
        }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(150));
    }

    [Fact]
    public void Find_Finds_AfterManySmallIncrements()
    {
        var (list, model) = (Denylist.Empty, new NaiveDenylist());
        var before = Token(sid: Guid.CreateVersion7().ToString());
        for (var i = 0; i < 20_000; i++)
        {
            var entry = RevocationEntry.OfSession(Some.Id(i), EndReason.Logout, T0);
            list = list.With([entry]);
            if (i % 97 != 0) continue;
            Assert.Equal(EndReason.Logout, list.Find(Token(sid: entry.Key))!.Value.Reason);
            Assert.Null(list.Find(before));
        }

        Assert.Equal(20_000, list.Count);
        Assert.Same(list, list.With([RevocationEntry.OfSession(Some.Id(7), EndReason.Logout, T0)])); // known already
        Assert.Equal(0, list.WithoutPassed(T0.AddHours(2)).Count);
        Assert.NotNull(list.With([RevocationEntry.OfSession(new SessionId(Guid.Parse(before.Claims.SessionId!)), EndReason.Risk, T0)]).Find(before)); // found clear until now
    }

    private static bool Agree(Denylist list, NaiveDenylist model, AuthenticToken[] tokens) =>
        list.Count == model.Count && Array.TrueForAll(tokens, token => list.Find(token) == model.Find(token));

    // New ones for each run, looked up again and again: what a token notes about the tables must stay true.
    private static AuthenticToken[] Tokens() =>
    [
        .. from id in Ids
           from number in (int?[])[null, 0, 1, 2]
           from place in Enumerable.Range(0, 4)
           select new AuthenticToken(
               Claims with
               {
                   Id = place == 0 ? id : "none", SessionId = place == 1 ? id : null, Subject = place == 2 ? id : "nobody",
                   Epoch = number, Era = number, ClaimsVersion = number,
               },
               place == 3 && id.Length > 0 ? id : "k"),
    ];

    private static AuthenticToken Token(string sid) => new(Claims with { SessionId = sid }, "k");
}
