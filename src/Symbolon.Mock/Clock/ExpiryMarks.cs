using System.Collections.Concurrent;

namespace Symbolon.Mock.Clock;

/// <summary>Which access tokens count as expired before their time: those of a session, or of all, that were given out before a whole second.</summary>
/// <remarks>Tokens say in whole seconds when they were issued. So marking turns the clock on to the next whole second: what is issued after it is told apart from what was issued before, however soon.</remarks>
internal sealed class ExpiryMarks
{
    private readonly ConcurrentDictionary<string, long> bySession = new(StringComparer.Ordinal);
    private readonly Lock marking = new(); // of two calls at once the later has the later second
    private long everybody = long.MinValue;

    public ExpiryMarks(MockClock clock)
    {
        Clock = clock;
        clock.OnTurnedBack = Forget; // what is issued from now on would look older than a mark
    }

    private MockClock Clock { get; }

    /// <summary>Whether there is any.</summary>
    public bool IsEmpty => bySession.IsEmpty && Interlocked.Read(ref everybody) == long.MinValue;

    /// <summary>Marks what was given out so far: of these sessions, or of everybody when null.</summary>
    public void Mark(IEnumerable<string>? sessions)
    {
        lock (marking)
        {
            var now = Clock.GetUtcNow();
            var next = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds() + 1);
            Clock.Advance(next - now);
            var second = next.ToUnixTimeSeconds();
            if (sessions is null) Interlocked.Exchange(ref everybody, second);
            else foreach (var session in sessions) bySession[session] = second;
        }
    }

    /// <summary>Whether a token is marked.</summary>
    /// <param name="session">Its <c>sid</c>.</param>
    /// <param name="issuedAt">Its <c>iat</c>.</param>
    public bool Covers(string session, long issuedAt) => issuedAt < Interlocked.Read(ref everybody) || (bySession.TryGetValue(session, out var mark) && issuedAt < mark);

    /// <summary>Forgets all.</summary>
    public void Forget()
    {
        Interlocked.Exchange(ref everybody, long.MinValue);
        bySession.Clear();
    }
}
