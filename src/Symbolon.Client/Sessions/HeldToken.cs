namespace Symbolon.Client.Sessions;

/// <summary>A stored token with the clocks of this run: when it expires, and when it is refreshed.</summary>
/// <remarks>Expiry is the local time of receipt plus the token's life: no instant of the server is ever compared with a local clock.</remarks>
internal sealed class HeldToken
{
    private static readonly TimeSpan Jump = TimeSpan.FromSeconds(30);
    private readonly TimeProvider time;
    private readonly long monotonic;
    private readonly DateTimeOffset wall;
    private readonly TimeSpan ageBefore, ahead;

    private HeldToken(StoredToken stored, TimeSpan ageBefore, SymbolonClientOptions options, TimeProvider time)
    {
        (Stored, this.ageBefore, this.time) = (stored, ageBefore, time);
        (monotonic, wall) = (time.GetTimestamp(), time.GetUtcNow());
        var most = Least(options.RefreshAhead, stored.Lifetime * 0.2);
        ahead = most * (1 - (options.Jitter * Random.Shared.NextDouble()));
    }

    public StoredToken Stored { get; }

    /// <summary>The version by which callers know it.</summary>
    public long Version => Stored.TokenVersion;

    /// <summary>What is left of its life.</summary>
    public TimeSpan Left => Stored.Lifetime - ageBefore - time.GetElapsedTime(monotonic);

    /// <summary>A token that has just been received.</summary>
    public static HeldToken Received(StoredToken stored, SymbolonClientOptions options, TimeProvider time) => new(stored, TimeSpan.Zero, options, time);

    /// <summary>A token of another run or process. Its age goes by the wall clock; one that seems to come from the future is of unknown age, and counts as expired.</summary>
    public static HeldToken Loaded(StoredToken stored, SymbolonClientOptions options, TimeProvider time)
    {
        var age = time.GetUtcNow() - stored.ReceivedAt;
        return new(stored, age < -Jump ? stored.Lifetime : age < TimeSpan.Zero ? TimeSpan.Zero : age, options, time);
    }

    /// <summary>Whether it is to be refreshed before it is used.</summary>
    public bool IsDue(TimeSpan? minTtl) => Left <= (minTtl is { } least ? Least(least, Stored.Lifetime * 0.8) : ahead) || HasJumped();

    public AccessToken Snapshot() => new(Stored.AccessToken, Version, Left, Stored.SessionId);

    // A machine that slept: many monotonic clocks stand still meanwhile. Or a clock that was set, which costs one refresh.
    private bool HasJumped() => (time.GetUtcNow() - wall - time.GetElapsedTime(monotonic)).Duration() > Jump;

    private static TimeSpan Least(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
