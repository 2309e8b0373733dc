using Symbolon.Authority.Ports;

namespace Symbolon.Authority.Tests.Revocations;

public sealed class RevocationSignalTests
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);
    private readonly RevocationSignal signal = new(TimeProvider.System);

    private Task WaitAsync(long seq) => signal.WaitAsync(seq, Long, TestContext.Current.CancellationToken).AsTask();

    [Fact]
    public async Task Committed_WakesWhoWaits_AndWhoComesLater()
    {
        var waiting = WaitAsync(4);
        Assert.False(waiting.IsCompleted);
        signal.Committed(5);
        await waiting;
        Assert.True(WaitAsync(4).IsCompleted); // who had begun to read before
        Assert.False(WaitAsync(5).IsCompleted);
    }

    // The number of a timeline that ended with its server: 1,000 were committed, and the promoted one has 3 of them.
    [Fact]
    public async Task Wait_ReturnsAtOnceOnlyOnce_WhenNumbersWentBack()
    {
        signal.Committed(1000);
        Assert.True(WaitAsync(3).IsCompleted);
        var waiting = WaitAsync(3);
        Assert.False(waiting.IsCompleted);
        signal.Committed(4);
        await waiting;
        Assert.False(WaitAsync(4).IsCompleted);
    }

    [Fact]
    public void Committed_LosesNothing_WhenNumbersComeOutOfOrder()
    {
        signal.Committed(5);
        signal.Committed(4);
        Assert.True(WaitAsync(4).IsCompleted);
    }

    // Between the read and the waiting for more.
    [Fact]
    public void Notified_WakesTheNextToCome_Once()
    {
        signal.Notified();
        Assert.True(WaitAsync(7).IsCompleted);
        Assert.False(WaitAsync(7).IsCompleted);
    }

    [Fact]
    public async Task Notified_WakesAllWhoWait_AndNobodyElse()
    {
        Task[] waiting = [WaitAsync(7), WaitAsync(9)];
        signal.Notified();
        await Task.WhenAll(waiting);
        Assert.False(WaitAsync(7).IsCompleted);
    }

    [Fact]
    public async Task Wait_EndsByItself_AfterItsTime() => await signal.WaitAsync(7, TimeSpan.FromMilliseconds(1), TestContext.Current.CancellationToken);

    // Each writer's number is known to the reader when the storm is over: no wake-up was lost.
    [Fact]
    public async Task Wait_MissesNothing_UnderAStorm()
    {
        const int Writers = 4, OfEach = 20_000;
        var (last, seen) = (0L, 0L);
        var reading = Task.Run(async () =>
        {
            while (seen < Writers * OfEach)
            {
                await WaitAsync(seen);
                seen = Interlocked.Read(ref last);
            }
        });
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() =>
        {
            for (var i = 0; i < OfEach; i++)
            {
                var seq = Interlocked.Increment(ref last);
                if (writer % 2 == 0) signal.Committed(seq);
                else signal.Notified();
            }
        })));
        await reading.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }
}
