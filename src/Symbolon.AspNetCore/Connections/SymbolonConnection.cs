using Microsoft.AspNetCore.Http;
using Symbolon.Access;

namespace Symbolon.AspNetCore;

/// <summary>
/// A request whose access token has passed, for as long as it is open: <c>http.Features.Get&lt;SymbolonConnection&gt;()</c>. When the session ends, it is closed: a WebSocket with a close frame,
/// an answer that is under way by cutting it after a moment, in which it may end by itself, and whoever observes <see cref="Ended"/> may say good-bye.
/// </summary>
public sealed class SymbolonConnection : IDisposable
{
    // A peer that answers a close frame does so within a round trip; nothing passes in either direction meanwhile.
    private static readonly TimeSpan CloseAnswer = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private readonly HttpContext http;
    private readonly SchemeConnections scheme;
    private readonly ReadOnlyMemory<char> token;
    private readonly WebSocketUpgrade? upgrade;
    private CancellationTokenSource? ended;
    private ITimer? patience;
    private bool isCut, isOver;
    private long endedAt;

    internal SymbolonConnection(HttpContext http, SchemeConnections scheme, ReadOnlyMemory<char> token, AuthenticToken authentic, RouteTerms terms)
    {
        (this.http, this.scheme, this.token, Authentic, Demand) = (http, scheme, token, authentic, terms.Demand);
        ClosesWhenClaimsStale = terms.ClosesWhenClaimsStale;
        upgrade = http.Features.Get<WebSocketUpgrade>();
    }

    /// <summary>Cancelled when the session has ended, or nobody can say any more that it has not. Whoever has read this gets <see cref="SymbolonOptions.ClosingGrace"/> before the connection is cut.</summary>
    public CancellationToken Ended
    {
        get
        {
            lock (gate)
            {
                if (ended is null)
                {
                    ended = new CancellationTokenSource();
                    if (Code is not null) ended.Cancel();
                }

                return ended.Token;
            }
        }
    }

    /// <summary>Why: <c>token_revoked</c>, <c>view_stale</c>, or another code of access tokens; null while it is open.</summary>
    public string? Code { get; private set; }

    /// <summary>Why the session ended, where that is known: an end reason's code.</summary>
    public string? Reason { get; private set; }

    internal string Token => token.ToString();

    internal AuthenticToken Authentic { get; }

    internal RouteDemand Demand { get; }

    internal bool ClosesWhenClaimsStale { get; }

    /// <summary>When the authority was last asked about the session and vouched for it; 0 for never.</summary>
    internal long VouchedAt { get; set; }

    /// <summary>When it was first left open although the view was too old; 0 for never.</summary>
    internal long LeftSince { get; set; }

    /// <summary>How long whoever observes <see cref="Ended"/> has.</summary>
    internal TimeSpan Grace { get; init; }

    // Its place in the list of open connections, which alone touches them.
    internal ConnectionStripe? Stripe { get; set; }

    internal SymbolonConnection? Previous { get; set; }

    internal SymbolonConnection? Next { get; set; }

    /// <summary>The request is over; called by its end.</summary>
    public void Dispose()
    {
        scheme.Remove(this);
        lock (gate)
        {
            isOver = true;
            patience?.Dispose();
        }
    }

    /// <summary>Closes it for this reason; the first counts.</summary>
    internal void End(string code, string? reason)
    {
        lock (gate)
        {
            if (isOver || Code is not null) return;
            (Code, Reason, endedAt) = (code, reason, scheme.Time.GetTimestamp());
        }

        Cut();
    }

    /// <summary>Does what is due once it has ended. A request that has not begun to answer may do so, for as long as a revocation may take to be known anyway: it may be the very log-out.</summary>
    internal void Cut()
    {
        lock (gate)
        {
            if (isOver || isCut || Code is null) return;
            var age = scheme.Time.GetElapsedTime(endedAt);
            if (upgrade?.Stream is { } socket)
            {
                _ = ended?.CancelAsync();
                _ = socket.CloseAsync(Reason is null ? Code : $"{Code} {Reason}");
                AbortAfter(CloseAnswer);
            }
            else if (ended is not null || (http.Response.HasStarted && (upgrade is null || age >= Grace))) // a WebSocket has answered a moment before it can be closed as one
            {
                _ = ended?.CancelAsync();
                AbortAfter(Grace); // an answer that is all but sent must arrive: what comes of cutting it is a reset that nobody can explain
            }
            else if (age >= Demand.MaxStaleness)
            {
                isCut = true;
                http.Abort();
            }
        }
    }

    private void AbortAfter(TimeSpan wait)
    {
        isCut = true;
        patience = scheme.Time.CreateTimer(static connection => ((SymbolonConnection)connection!).Abort(), this, wait, Timeout.InfiniteTimeSpan);
    }

    // Under the gate, because the server uses the context again for the next request, once this one is over.
    private void Abort()
    {
        lock (gate)
        {
            if (!isOver) http.Abort();
        }
    }
}
