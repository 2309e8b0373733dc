using Npgsql;
using Symbolon.Authority.Ports;
using Symbolon.Cluster.Support;
using Symbolon.Sessions;

namespace Symbolon.Cluster.Faults;

/// <summary>What PostgreSQL rolls back for another's sake is done again, within a bound, and counted.</summary>
public sealed class DeadlockTests
{
    private const string FailsOften = """
        CREATE SEQUENCE symbolon.failures;
        CREATE FUNCTION symbolon.fail() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF nextval('symbolon.failures') <= {0} THEN RAISE EXCEPTION 'could not serialize access' USING ERRCODE = '40001'; END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER fail BEFORE UPDATE ON symbolon.subjects FOR EACH ROW EXECUTE FUNCTION symbolon.fail();
        """;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task Ends_AreDoneAgain_WhenTheyWereInADeadlock()
    {
        await using var cluster = await Support.Cluster.CreateAsync();
        await using var node = await OpenAsync(cluster);
        for (var tries = 0; node.Repeats == 0; tries++)
        {
            // In which order it locks them is the planner's: where the first is free still, the rival simply is first.
            Assert.True(tries < 30, "there never was a deadlock");
            var (first, second) = await StartedAsync(node, count: 2) is [var lower, var higher] ? (lower, higher) : default;
            await using var other = await Rival.BeginAsync(cluster);
            await other.LockAsync(second.Id);
            var ended = node.Sessions.EndAsync([SessionEnd.Of(first, EndReason.Logout, null, Now), SessionEnd.Of(second, EndReason.Logout, null, Now)], default).AsTask();
            await cluster.WaitingAsync(count: 1);
            await other.LockAsync(first.Id); // where the store has it, it is given because the store's transaction is rolled back
            Assert.False(ended.IsCompleted);
            await other.CommitAsync();
            Assert.Equal(2, await ended);
            Assert.Equal(2 * (tries + 1), (await node.Log.ReadAsync(0, 100, default))!.Newest); // no number was lost
        }

        Assert.Equal(1, node.Repeats);
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(1000, false)]
    public async Task Change_IsDoneAgain_UntilItHasFailedFiveTimes(int failures, bool succeeds)
    {
        await using var cluster = await Support.Cluster.CreateAsync();
        await using var node = await OpenAsync(cluster);
        var subject = Subject.New(new SubjectId("alice"));
        await node.Subjects.TryChangeAsync(read: null, SubjectChange.Created(subject, Now), default);
        await cluster.ScalarAsync<object>(FailsOften.Replace("{0}", $"{failures}", StringComparison.Ordinal));

        var changing = node.Subjects.TryChangeAsync(subject, SubjectChange.EndAll(subject, EndReason.AllEnded, null, Now), default).AsTask();

        if (succeeds) Assert.True(await changing);
        else await Assert.ThrowsAsync<StoreUnavailableException>(() => changing);
        Assert.Equal(succeeds ? 3 : 4, node.Repeats);
        Assert.Equal(succeeds ? 1 : 0, (await node.Log.ReadAsync(0, 10, default))!.Newest);
    }

    // Who waits looks for a deadlock once, after this time, and is rolled back when there is one: the store, not its rival.
    private static async Task<StoreNode> OpenAsync(Support.Cluster cluster)
    {
        await cluster.ScalarAsync<object>($"ALTER DATABASE {new NpgsqlConnectionStringBuilder(cluster.ConnectionString).Database} SET deadlock_timeout = '2s'");
        return await StoreNode.OpenAsync(cluster.ConnectionString);
    }

    // In the order of ids, in which the store locks.
    private static async Task<List<Session>> StartedAsync(StoreNode node, int count)
    {
        var sessions = new List<Session>();
        while (sessions.Count < count) sessions.Add(await StartedAsync(node));
        return [.. sessions.OrderBy(session => session.Id)];
    }

    private static async Task<Session> StartedAsync(StoreNode node)
    {
        var now = Now;
        var session = new Session
        {
            Id = new SessionId(Guid.CreateVersion7()), Subject = new SubjectId(Guid.NewGuid().ToString("N")), ClientId = "web", Device = new Device("device", null, null),
            CreatedAt = now, AuthTime = now, Amr = "pwd", Scope = "openid", Transport = SessionTransport.Body, Remember = true, Generation = 0, Branch = 0, Salt = default,
            ConfirmedAt = now, LastSeenAt = now, ExpiresAt = now.AddDays(1), EndsAt = now.AddDays(1), Era = 0, Epoch = 0, Stamp = default,
        };
        Assert.True(await node.Sessions.TryStartAsync(SessionStart.Plan(session, [], limit: 100, now), [], default));
        return session;
    }

    // Another transaction on the same rows, as an operator's or another program's.
    private sealed class Rival(NpgsqlConnection connection) : IAsyncDisposable
    {
        public static async Task<Rival> BeginAsync(Support.Cluster cluster)
        {
            var connection = new NpgsqlConnection($"{cluster.ConnectionString};Pooling=false");
            await connection.OpenAsync();
            var rival = new Rival(connection);
            await rival.RunAsync("BEGIN; SET LOCAL deadlock_timeout = '1h'");
            return rival;
        }

        public Task LockAsync(SessionId id) => RunAsync($"SELECT 1 FROM symbolon.sessions WHERE sid = '{id}' FOR UPDATE");

        public Task CommitAsync() => RunAsync("COMMIT");

        public ValueTask DisposeAsync() => connection.DisposeAsync();

        private async Task RunAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
