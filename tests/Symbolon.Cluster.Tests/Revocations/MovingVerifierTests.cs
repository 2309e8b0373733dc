using System.Collections.Concurrent;
using Symbolon.Authority.Operations;
using Symbolon.Cluster.Support;
using Symbolon.Sessions;

namespace Symbolon.Cluster.Revocations;

/// <summary>[I12] Every authority serves the same feed: a verifier that reconnects to another one with its <c>Last-Event-ID</c> misses nothing.</summary>
public sealed class MovingVerifierTests
{
    private const int Nodes = 3, Verifiers = 3;

    private static int Entries => Storm.IsLong ? 3_000 : 90;

    [Fact]
    public async Task Stream_GoesOnAtAnotherAuthority_WhereItWasLeft()
    {
        await using var cluster = await Support.Cluster.CreateAsync();
        var nodes = await cluster.StartAsync(Nodes);
        var token = await FeedStream.TokenAsync(nodes[0].Api);
        var streams = nodes.Select(node => new FeedStream(node.Api.Address, token)).ToList();
        var read = new ConcurrentDictionary<long, string>();

        async Task AppendAsync(int number)
        {
            var (ends, subject) = (nodes[number].Get<EndSessions>(), await nodes[number].NewSubjectAsync());
            for (var n = 0; n < Entries / Nodes; n++) await ends.AllAsync(subject, EndReason.AllEnded, by: null, default);
        }

        async Task FollowAsync(int number)
        {
            var (reader, random) = (new LogReader(read), new Random(number));
            while (reader.Last < Entries)
            {
                var stay = random.Next(1, 20);
                await foreach (var (seq, text) in streams[random.Next(Nodes)].ReadAsync(reader.Last))
                {
                    reader.Take(seq, text);
                    if (--stay == 0 || reader.Last == Entries) break;
                }
            }
        }

        await Task.WhenAll(
        [
            .. Enumerable.Range(0, Nodes).Select(number => Task.Run(() => AppendAsync(number))),
            .. Enumerable.Range(0, Verifiers).Select(number => Task.Run(() => FollowAsync(number))),
        ]).WaitAsync(Patiently.Patience);

        Assert.Equal(Entries, read.Count);
        foreach (var stream in streams) stream.Dispose();
    }
}
