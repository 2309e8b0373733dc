using Microsoft.Extensions.Options;
using Symbolon.Sessions;

namespace Symbolon.Authority;

/// <summary>How many session event streams may be open: of all sessions, and of one, so that nobody takes the places of all.</summary>
internal sealed class SessionNewsPlaces(IOptions<AuthorityOptions> options)
{
    /// <summary>The most of one session: a few tabs, and those that are not known to be gone yet.</summary>
    public const int OfOneSession = 8;

    private readonly Lock gate = new();
    private readonly Dictionary<SessionId, int> open = [];
    private int count;

    /// <summary>How many are open.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>A place, to be disposed; null when there is none.</summary>
    public IDisposable? TryTake(SessionId session)
    {
        lock (gate)
        {
            var own = open.GetValueOrDefault(session);
            if (own >= OfOneSession || count >= options.Value.Session.Streams) return null;
            open[session] = own + 1;
            count++;
            return new Place(this, session);
        }
    }

    private void Leave(SessionId session)
    {
        lock (gate)
        {
            count--;
            if (--open[session] == 0) open.Remove(session);
        }
    }

    private sealed class Place(SessionNewsPlaces places, SessionId session) : IDisposable
    {
        private int isLeft;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isLeft, 1) == 0) places.Leave(session);
        }
    }
}
