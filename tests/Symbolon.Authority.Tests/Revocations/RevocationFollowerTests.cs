using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Symbolon.Authority.InMemory;
using Symbolon.Authority.Tests.OAuth;
using Symbolon.Authority.Tests.Support;

namespace Symbolon.Authority.Tests.Revocations;

/// <summary>The one reader goes on whatever happens, and what it cannot read makes the view old.</summary>
public sealed class RevocationFollowerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly FiringTime clock = new();

    [Fact] // regression: a log line that could not be written ended it for good, and in silence
    public async Task Follower_GoesOn_AfterAnOutageThatCannotEvenBeLogged()
    {
        PortCalls? calls = null;
        var full = new FullDisk();
        await using var server = await FeedServer.StartAsync(clock, services: all =>
        {
            calls = PortCalls.Watch(all);
            all.AddSingleton<ILoggerProvider>(full);
        });
        await using var reader = await FeedReader.OpenAsync(server, await FeedReader.TokenAsync(server));
        (calls!.AreDown, full.IsFull) = (true, true);
        var seen = full.Refused;
        await clock.AdvanceUntilAsync(WhenAsync(() => full.Refused >= seen + 2, "the log refused twice"), Second);
        full.IsFull = false;
        clock.Advance(TimeSpan.FromSeconds(11));
        (await server.GetAsync("/health/ready")).IsProblem(503, "unavailable");

        calls.AreDown = false;
        var newest = await server.RevokeAsync(3);

        await clock.AdvanceUntilAsync(Seen(server, newest), Second);
        (await server.GetAsync("/health/ready")).Is(200);
    }

    [Fact] // regression: the start never ended, and took a processor
    public async Task Follower_HoldsWhatThereIs_AndIsNeverCurrent_WhenTheLogHasAHole()
    {
        await using var whole = await FeedServer.StartAsync(clock);
        await whole.RevokeAsync(3);
        whole.Get<InMemoryState>().Revocations.RemoveAt(1);
        var critical = new FullDisk();

        await using var server = await FeedServer.StartAsync(clock, services: all =>
        {
            all.ShareStoreOf(whole);
            all.AddSingleton<ILoggerProvider>(critical);
        });

        var feed = server.Get<InProcessRevocationFeed>();
        Assert.Equal((2, TimeSpan.MaxValue), (feed.View.Denylist.Count, feed.Age));
        Assert.Contains(1042, critical.Said);
        (await server.GetAsync("/health/ready")).IsProblem(503, "unavailable");
    }

    private static Task<bool> Seen(TestServer server, long newest) => WhenAsync(() => server.Get<InProcessRevocationFeed>().View.Seq >= newest, $"entry {newest} is seen");

    private static async Task<bool> WhenAsync(Func<bool> isSo, string what)
    {
        await Patiently.TrueAsync(isSo, what);
        return true;
    }

    private sealed class FullDisk : ILoggerProvider, ILogger
    {
        private int refused;

        public bool IsFull { get; set; }

        public int Refused => Volatile.Read(ref refused);

        public System.Collections.Concurrent.ConcurrentQueue<int> Said { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Said.Enqueue(eventId.Id);
            if (!IsFull || eventId.Id != 1040) return;
            Interlocked.Increment(ref refused);
            throw new IOException("No space left on device");
        }
    }
}
