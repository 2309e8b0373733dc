using Symbolon.AspNetCore;
using Symbolon.Edge.Processes;
using Symbolon.Testing;

namespace Symbolon.Edge.Histories;

/// <summary>One authority, four verifiers, all of them processes: what is revoked is refused as the receipt says, and within the bound by those that it does not count, whatever happens to them.</summary>
public sealed class HistoryAcrossProcessesTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(1);
    private static readonly int Rounds = Environment.GetEnvironmentVariable("SYMBOLON_LONG") == "1" ? 10 : 1;

    [Fact]
    public async Task Revoked_IsRefused_AfterItsReceipt_AndWithinTheBoundWhateverHappens()
    {
        await using var server = await Authorities.StartAsync();
        await using var relay = Relay.To(server.Address.Port);
        await using var askingRelay = Relay.To(server.Address.Port);
        await using var cast = await Cast.StartAsync(server,
            new ApiSettings("direct", server.Address),
            new ApiSettings("paused", server.Address) { MaxStaleness = Bound },
            new ApiSettings("cut", server.Address) { MaxStaleness = Bound, Via = relay.Port },
            new ApiSettings("asking", server.Address) { MaxStaleness = Bound, Via = askingRelay.Port, WhenStale = WhenStale.Ask });
        cast.Recorder.Start();

        for (var round = 0; round < Rounds; round++)
        {
            await Healthy(cast, round);
            await CutAndPaused(cast, relay, round);
            await HalfOpenAndAsking(cast, relay, askingRelay, round);
        }

        await cast.Calls.EndEveryoneAsync();
        await cast.Recorder.MoreAsync();
        var history = await cast.Recorder.EndAsync();

        Assert.Empty(history.Violations().Take(10));
        cast.AssertToldEverything(history);
    }

    /// <summary>All is well: each call, at once with others.</summary>
    private static async Task Healthy(Cast cast, int round)
    {
        var (calls, of) = (cast.Calls, cast.Groups(round));
        await cast.Recorder.MoreAsync();
        var done = await Task.WhenAll(
            calls.LogOutAsync(of(0)[0]), calls.LogOutByAccessTokenAsync(of(1)[0]), calls.RevokeAsync(of(2)[0]),
            calls.EndOneAsync(of(3)[0], of(3)[1]), calls.EndOthersAsync(of(4)[0], of(4)[1], of(4)[2]), calls.EndAllOfMineAsync(of(5)),
            calls.ChangePasswordAsync(of(6)), calls.DeleteAccountAsync(of(7)), calls.EndByAdministratorAsync(of(8)[0]),
            calls.EndAccountAsync(of(9)), calls.ChangeClaimsAsync(of(10)), calls.ChangeRolesAsync(of(11)), calls.DisableAsync(of(12)));
        await cast.Recorder.MoreAsync();
        Assert.All(done, one => Assert.Equal(cast.Apis.Count, one.Acknowledged.Count));
    }

    /// <summary>One verifier's feed is cut, another stands still, and wakes to requests that began long after the revocation.</summary>
    private static async Task CutAndPaused(Cast cast, Relay relay, int round)
    {
        var (calls, of, paused, cut) = (cast.Calls, cast.Groups(round), cast.Apis["paused"], cast.Apis["cut"]);
        relay.Cut();
        await paused.PauseAsync();
        var done = await Task.WhenAll(calls.LogOutAsync(of(13)[0]), calls.EndAccountAsync(of(14)), calls.EndByAdministratorAsync(of(15)[0]));
        Assert.DoesNotContain(done, one => one.Acknowledged.Contains(paused.Name));

        await cut.SaysAsync(cast.Honest.AccessToken, "view_stale");
        await cast.Recorder.PassedAsync(done.Max(one => one.AnsweredAt), Bound);
        var asleep = done.SelectMany(one => one.Tokens).Select(token => cast.Recorder.AskAsync(paused, token)).ToList();
        paused.Resume();
        Assert.All(await Task.WhenAll(asleep), request => Assert.NotNull(request.Refusal));
        relay.Open();
        await Task.WhenAll(paused.AcceptsAsync(cast.Honest.AccessToken), cut.AcceptsAsync(cast.Honest.AccessToken));
        await cast.Recorder.MoreAsync();
    }

    /// <summary>One verifier's connections stand and pass nothing; another's feed does, and it asks.</summary>
    private static async Task HalfOpenAndAsking(Cast cast, Relay relay, Relay askingRelay, int round)
    {
        var (calls, of, asking, cut) = (cast.Calls, cast.Groups(round), cast.Apis["asking"], cast.Apis["cut"]);
        relay.HalfOpen();
        askingRelay.Set(path => path.StartsWith("/revocations", StringComparison.Ordinal) ? Passage.Held : Passage.Open);
        var before = (await asking.ViewAsync()).Seq;
        var done = await Task.WhenAll(calls.LogOutAsync(of(16)[0]), calls.EndAccountAsync(of(17)), calls.EndByAdministratorAsync(of(18)[0]));

        await cut.SaysAsync(cast.Honest.AccessToken, "view_stale");
        foreach (var token in done.SelectMany(one => one.Tokens)) await asking.SaysAsync(cast.Sessions[token].AccessToken, "token_revoked");
        Assert.Null(await asking.CheckAsync(cast.Honest.AccessToken)); // it was asked about, too
        Assert.Equal(before, (await asking.ViewAsync()).Seq); // and nothing of it had come
        relay.Open();
        askingRelay.Open();
        await Task.WhenAll(cut.AcceptsAsync(cast.Honest.AccessToken), asking.AcceptsAsync(cast.Honest.AccessToken));
        await cast.Recorder.MoreAsync();
    }
}
