using System.Collections.Concurrent;
using Npgsql;
using Symbolon.Authority.Ports;
using Symbolon.Cluster.Support;
using Symbolon.Revocation;
using Symbolon.Sessions;

namespace Symbolon.Cluster.Revocations;

/// <summary>[I12] Whoever has read a number of the revocation log never later meets one up to it that it had not seen: whoever appends, and wherever one reads.</summary>
public sealed class LogOrderTests(ITestOutputHelper output)
{
    private const int Nodes = 3, Appenders = 8, Readers = 6;

    // What a sequence would do: numbers are given before the commits, in an order of their own.
    private const string PlainSequence = """
        CREATE SEQUENCE symbolon.plain;
        CREATE OR REPLACE FUNCTION symbolon.revoke(kind integer, key text, number integer, at bigint, until bigint, reason text) RETURNS bigint LANGUAGE plpgsql VOLATILE
        AS $$
        DECLARE place bigint;
        BEGIN
            place := nextval('symbolon.plain');
            INSERT INTO symbolon.revocations (seq, at, until, number, kind, key, reason) VALUES (place, revoke.at, revoke.until, revoke.number, revoke.kind, revoke.key, revoke.reason);
            IF current_setting('symbolon.test_holds', true) IS NULL THEN UPDATE symbolon.revocation_head h SET seq = greatest(h.seq, place) WHERE h.id = 1; END IF;
            RETURN place;
        END $$
        """;

    private static int Entries => Storm.IsLong ? 100_000 : 2_000;

    [Fact]
    public async Task Log_IsReadInOrderWithoutHoles_WhenEightAppendOnThreeNodes()
    {
        await using var cluster = await Support.Cluster.CreateAsync();
        await using var nodes = await OpenAsync(cluster);
        var (left, acknowledged, read) = (Entries, new ConcurrentBag<string>(), new ConcurrentDictionary<long, string>());

        async Task AppendAsync(int number)
        {
            var (node, subject) = (nodes[number % Nodes], Subject.New(new SubjectId($"subject-{number}")));
            await node.Subjects.TryChangeAsync(read: null, SubjectChange.Created(subject, Now), default);
            while (Interlocked.Decrement(ref left) >= 0) subject = await AppendOneAsync(node, subject, acknowledged);
        }

        async Task ReadAsync(int number)
        {
            var (reader, random) = (new LogReader(read), new Random(number));
            while (reader.Last < Entries)
            {
                // At another node each time, sometimes from the beginning; at once, or when there is something.
                var log = nodes[random.Next(Nodes)].Log;
                var since = random.Next(200) == 0 && Entries < 10_000 ? (long?)null : reader.Last;
                reader.Take(await log.ReadAsync(since, take: since is null ? Entries : random.Next(1, 100), default));
                if (random.Next(3) > 0) await log.WaitAsync(reader.Last, TimeSpan.FromMilliseconds(random.Next(1, 50)), default);
            }
        }

        var appending = Enumerable.Range(0, Appenders).Select(number => Task.Run(() => AppendAsync(number)));
        var reading = Enumerable.Range(0, Readers).Select(number => Task.Run(() => ReadAsync(number)));
        await Task.WhenAll(appending.Concat(reading)).WaitAsync(Patiently.Patience * (Storm.IsLong ? 10 : 1));

        Assert.Equal(Entries, read.Count);
        Assert.Equal(acknowledged.Order(), read.Values.Order());
        output.WriteLine($"{Entries} entries of {Appenders}, read by {Readers}");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reader_MissesAnEntry_OnlyWhenNumbersComeFromASequence(bool isSequence)
    {
        await using var cluster = await Support.Cluster.CreateAsync();
        await using var nodes = await OpenAsync(cluster);
        if (isSequence) await cluster.ScalarAsync<object>(PlainSequence);
        var subject = Subject.New(new SubjectId("quick"));
        await nodes[1].Subjects.TryChangeAsync(read: null, SubjectChange.Created(subject, Now), default);
        var reader = new LogReader([]);

        // One takes its number and does not get to its commit; another comes after it.
        await using var slow = new NpgsqlConnection(cluster.ConnectionString);
        await slow.OpenAsync();
        await using var transaction = await slow.BeginTransactionAsync();
        await RunAsync(slow, "SET LOCAL symbolon.test_holds = 'head'; SELECT symbolon.revoke(1, 'slow', 0, 0, 4102444800000, NULL)");
        var quick = AppendOneAsync(nodes[1], subject, []);
        if (isSequence) await quick;
        else await cluster.WaitingAsync(count: 1);

        async Task ReadBothAsync()
        {
            reader.Take(await nodes[2].Log.ReadAsync(0, 10, default));
            await transaction.CommitAsync();
            await quick;
            reader.Take(await nodes[2].Log.ReadAsync(reader.Last, 10, default));
        }

        if (isSequence)
        {
            Assert.Contains("number 2 follows 0", (await Assert.ThrowsAsync<HistoryException>(ReadBothAsync)).Message, StringComparison.Ordinal);
        }
        else
        {
            await ReadBothAsync();
            Assert.Equal(2, reader.Last);
        }
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    // Every third revokes a token, which holds the log's head for several round trips; the others end a subject's sessions, in one statement.
    private static async Task<Subject> AppendOneAsync(StoreNode node, Subject subject, ConcurrentBag<string> acknowledged)
    {
        if (subject.Epoch % 3 == 2)
        {
            var entry = RevocationEntry.OfToken($"{subject.Id.Value}-{subject.Epoch}", Now);
            Assert.Equal(TokenAppend.Appended, await node.Log.AppendTokenAsync(entry, new SessionEvent(EventKind.TokenRevoked, Now, Reason: entry.Key), most: 1, default));
            acknowledged.Add($"{entry.Kind} {entry.Key} {entry.Number}");
            return await SkipAsync(node, subject);
        }

        var change = SubjectChange.EndAll(subject, EndReason.AllEnded, by: null, Now);
        Assert.True(await node.Subjects.TryChangeAsync(subject, change, default));
        acknowledged.Add($"{change.Entry!.Kind} {change.Entry.Key} {change.Entry.Number}");
        return change.Subject;
    }

    // Raises the epoch without an entry.
    private static async Task<Subject> SkipAsync(StoreNode node, Subject subject)
    {
        var next = subject with { Epoch = subject.Epoch + 1 };
        Assert.True(await node.Subjects.TryChangeAsync(subject, new SubjectChange(next, Entry: null), default));
        return next;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<StoreNodes> OpenAsync(Support.Cluster cluster)
    {
        var nodes = new StoreNodes();
        while (nodes.Count < Nodes) nodes.Add(await StoreNode.OpenAsync(cluster.ConnectionString));
        return nodes;
    }

    private sealed class StoreNodes : List<StoreNode>, IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (var node in this) await node.DisposeAsync();
        }
    }
}
