using System.Collections.Immutable;
using Symbolon.Revocation;

namespace Symbolon.AspNetCore;

/// <summary>Where a verifier learns what is revoked: the log of the authority in this process, or its feed. The view it holds always knows how old it is.</summary>
internal abstract class RevocationFeed
{
    private ImmutableList<Watcher> watchers = [];

    /// <summary>What is held now. Replaced whole; read it once for each decision, after <see cref="Age"/>. Replaced before the age is set that vouches for it.</summary>
    public abstract RevocationView View { get; }

    /// <summary>How old the view is at this moment; <see cref="TimeSpan.MaxValue"/> before the first. Measured anew at each call, by the larger of monotonic and wall clock, so that a pause of the process counts.</summary>
    public abstract TimeSpan Age { get; }

    /// <summary>Has a handler called after each time the view has taken in new entries, with a list of only these. Handlers must be quick and must not throw.</summary>
    /// <returns>Dispose it to end the calls.</returns>
    public IDisposable Watch(Action<Denylist> handler)
    {
        var watcher = new Watcher(this, handler);
        ImmutableInterlocked.Update(ref watchers, static (all, one) => all.Add(one), watcher);
        return watcher;
    }

    /// <summary>Calls the watchers.</summary>
    /// <param name="added">What is new.</param>
    protected void OnRevoked(Denylist added)
    {
        foreach (var watcher in watchers) watcher.Handler(added);
    }

    private sealed class Watcher(RevocationFeed feed, Action<Denylist> handler) : IDisposable
    {
        public Action<Denylist> Handler { get; } = handler;

        public void Dispose() => ImmutableInterlocked.Update(ref feed.watchers, static (all, one) => all.Remove(one), this);
    }
}
