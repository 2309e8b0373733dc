using Symbolon.Authority.InMemory;
using Symbolon.Authority.Ports;
using Symbolon.Refresh;
using Symbolon.Sessions;

namespace Symbolon.Properties;

/// <summary>The rules under test: the real ones. Mutants override one of them.</summary>
internal class Protocol
{
    public virtual RefreshTokenReading Read(string text, RefreshTokenKeys keys, out AuthenticRefreshToken token) => RefreshToken.Read(text, keys, out token);

    public virtual RefreshDecision Decide(SessionFacts facts, Bytes16? stamp, PresentedRefreshToken token, RefreshPolicy policy, SessionLifetime lifetime) =>
        RefreshRotation.Decide(facts, stamp, token, policy, lifetime);

    public virtual bool TryRotate(InMemoryState state, ISessionStore store, Session read, Session next, SessionEvent rotation) =>
        store.TryRotateAsync(read, next, rotation, CancellationToken.None).Result();

    public virtual bool TryRetry(InMemoryState state, ISessionStore store, Session read, Bytes16? attempt, SessionEvent retry) =>
        store.TryRetryAsync(read, attempt, retry, CancellationToken.None).Result();

    public virtual bool End(ISessionStore store, SessionEnd end) => store.EndAsync([end], CancellationToken.None).Result() > 0;

    /// <summary>The branch of a child.</summary>
    public virtual long Branch(RefreshToken parent, Random random) => random.NextInt64(long.MinValue, long.MaxValue);

    /// <summary>The era and the epoch that an access token carries.</summary>
    public virtual (int Era, int Epoch) Numbers(Session session, InMemoryState state) => (session.Era, session.Epoch);
}

internal static class ValueTasks
{
    /// <summary>The result of a task that the in-memory stores have always finished.</summary>
    public static T Result<T>(this ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();
}
