using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;
using Symbolon.Authority.Operations;
using Symbolon.Authority.Ports;
using Symbolon.Cluster.Support;
using Symbolon.Server.Processes;
using Symbolon.Sessions;
using Symbolon.Storage;

namespace Symbolon.Cluster.Faults;

/// <summary>One authority cannot reach the database for a while: nothing acknowledged is lost, the others do not notice, and it works again by itself.</summary>
public sealed class CutOffNodeTests
{
    /// <summary>How the network fails.</summary>
    public enum Failure
    {
        /// <summary>Connections are reset, and new ones.</summary>
        Reset,

        /// <summary>Connections stand, and nothing passes; what was sent arrives when it is over.</summary>
        Silent,
    }

    public static TheoryData<Failure, int> Cuts => Storm.IsLong
        ? new() { { Failure.Reset, 1 }, { Failure.Silent, 1 }, { Failure.Reset, 30 }, { Failure.Silent, 30 } }
        : new() { { Failure.Reset, 1 }, { Failure.Silent, 1 } };

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task Node_WorksAgainAndHasLostNothing_WhenItWasCutOffFromTheDatabase(Failure failure, int seconds)
    {
        await using var relay = Relay.To((await PostgresServer.SharedAsync()).Port);
        await using var cluster = await Support.Cluster.CreateAsync();
        var other = await cluster.StartAsync();
        var through = new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { Port = relay.Port, KeepAlive = 1, Timeout = 1 }.ConnectionString;
        var node = await cluster.StartAsync(("ConnectionStrings:Symbolon", through), ("Symbolon:Storage:CommandTimeout", "00:00:01"));
        var (here, there, moving) = (await HolderAsync(node), await HolderAsync(other), await HolderAsync(node));
        foreach (var holder in new[] { here, moving }) Assert.Equal(200, await holder.RefreshAsync(node));
        var gone = await HolderAsync(other);
        using var stream = new FeedStream(node.Api.Address, await FeedStream.TokenAsync(node.Api));
        using var stopping = new CancellationTokenSource();
        var entries = new ConcurrentQueue<long>();
        _ = FollowAsync(stream, entries, stopping.Token);
        await other.Get<EndSessions>().AllAsync(gone.Subject, EndReason.AllEnded, by: null, default);
        await Patiently.TrueAsync(() => entries.Contains(1), "the verifier follows");

        var began = Stopwatch.GetTimestamp();
        if (failure is Failure.Reset) relay.Cut();
        else relay.HalfOpen();
        var refused = 0;
        while (refused == 0 || Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(seconds))
        {
            if (await here.RefreshAsync(node) == 503) refused++;
            Assert.Equal(200, await there.RefreshAsync(other));
            Assert.Equal(200, await moving.RefreshAsync(await moving.RefreshAsync(node) == 503 ? other : node)); // as a balancer does
        }

        await Patiently.TrueAsync(() => !IsListening(node), "it notices that it is not told any more, and looks itself");
        await other.Get<EndSessions>().AllAsync(there.Subject, EndReason.AllEnded, by: null, default);
        Assert.Equal(401, await there.RefreshAsync(other));
        Assert.Equal(1, Assert.Single(entries));

        relay.Open();
        await Patiently.TrueAsync(async () => await here.RefreshAsync(node) == 200, () => "it works again");
        Assert.Equal(200, await moving.RefreshAsync(node));
        Assert.Equal(401, await there.RefreshAsync(node));
        await Patiently.TrueAsync(() => entries.Contains(2), "the verifier is told what was revoked meanwhile");
        await Patiently.TrueAsync(() => IsListening(node), "it listens again");
        await other.Get<EndSessions>().AllAsync(there.Subject, EndReason.AllEnded, by: null, default);
        await Patiently.TrueAsync(() => entries.Contains(3), "and what is revoked now");
        await stopping.CancelAsync();
        foreach (var holder in new[] { here, moving }) await holder.AssertKeptAsync(cluster);
    }

    [Fact]
    public async Task Node_WorksAgain_WhenOneConnectionHasShownThatAllAreDead()
    {
        await using var relay = Relay.To((await PostgresServer.SharedAsync()).Port);
        await using var cluster = await Support.Cluster.CreateAsync();
        var through = new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { Port = relay.Port, KeepAlive = 0, Timeout = 1 }.ConnectionString;
        var node = await cluster.StartAsync(("ConnectionStrings:Symbolon", through), ("Symbolon:Storage:CommandTimeout", "00:00:01"));
        var holder = await HolderAsync(node);
        var subjects = node.Get<ISubjectStore>();
        await Task.WhenAll(Enumerable.Range(0, 64).Select(async _ => await subjects.ListAsync(after: null, take: 1, default))); // as many connections as it may have

        relay.Forget();
        var refused = 0;
        while (await holder.RefreshAsync(node) == 503) refused++;
        Assert.InRange(refused, 0, 1);
        Assert.Equal(200, await holder.RefreshAsync(node));
    }

    // As verifiers do: an authority that does not know what holds ends the stream after a while, and one opens it again.
    private static async Task FollowAsync(FeedStream stream, ConcurrentQueue<long> entries, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await foreach (var (seq, _) in stream.ReadAsync(entries.LastOrDefault())) entries.Enqueue(seq);
            }
            catch (Exception e) when (e is HistoryException or HttpRequestException or IOException)
            {
                // again
            }
        }
    }

    private static bool IsListening(InProcessServer node) => node.Get<PostgresListener>().Patience(TimeSpan.FromHours(1)) == TimeSpan.FromHours(1);

    private static async Task<Holder> HolderAsync(InProcessServer node)
    {
        var tokens = await node.StartSessionAsync(ownSubject: true);
        return new Holder(tokens.Session, new TokenStore(tokens.RefreshToken, tokens.Generation));
    }

    // A client, and what it was promised.
    private sealed record Holder(Session Session, TokenStore Store)
    {
        public SubjectId Subject => Session.Subject;

        public async Task<int> RefreshAsync(InProcessServer node)
        {
            var held = Store.Read();
            var answer = await node.Api.RefreshAsync(held.Token, held.Attempt);
            if (answer.Status == 200) Store.Take(held, answer.RefreshToken!, answer.Generation);
            else Assert.True(answer is { Status: 503, HasRetryAfter: true, Code: "unavailable" } or { Status: 401, Code: "session_ended" }, $"{answer}");
            return answer.Status;
        }

        public async Task AssertKeptAsync(Support.Cluster cluster) => Assert.Equal(
            Store.Acknowledged,
            await cluster.ScalarAsync<long>($"SELECT count(DISTINCT number) FROM symbolon.events WHERE session = '{Session.Id}' AND kind = 2"));
    }
}
