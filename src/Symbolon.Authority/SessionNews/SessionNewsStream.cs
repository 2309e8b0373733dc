using System.IO.Pipelines;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Symbolon.AspNetCore;
using Symbolon.Authority.Accounts;
using Symbolon.Authority.Endpoints;
using Symbolon.Authority.Ports;
using Symbolon.Sessions;

namespace Symbolon.Authority;

/// <summary>Tells the holder of a session what happens to it. Whatever wakes the stream only makes it look: what it says is what the session's row and its subject's say then.</summary>
internal sealed class SessionNewsStream(ISessionStore sessions, AccountDirectory accounts, InProcessRevocationFeed feed, AuthorityTelemetry telemetry, TimeProvider time)
{
    // So often the row is read without a cause, too: for what another program wrote, and nobody told.
    private static readonly TimeSpan HeartbeatEvery = TimeSpan.FromSeconds(15);

    // After a look that failed or was not sure.
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(1), Least = TimeSpan.FromMilliseconds(1);

    /// <summary>Runs until the session ends, the token that opened it is revoked, or <paramref name="ct"/>.</summary>
    /// <param name="http">The request.</param>
    /// <param name="connection">What watches it, and cuts it when this here does not end in time.</param>
    /// <param name="session">Whose news.</param>
    /// <param name="ct">The reader's going, or the server's stop.</param>
    public async Task RunAsync(HttpContext http, SymbolonConnection connection, SessionId session, CancellationToken ct)
    {
        // One place: a second cause before the look adds nothing to the first.
        var wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        var token = connection.Authentic;
        using var ended = connection.Ended.Register(() => wake.Writer.TryWrite(true));
        using var watch = feed.Watch(added => _ = added.Find(token) is not null && wake.Writer.TryWrite(true));
        await using var timer = time.CreateTimer(_ => wake.Writer.TryWrite(true), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            var body = http.Response.BodyWriter;
            Write(body, SessionNewsFrames.Open);
            if (!await http.FlushEventsAsync(time, ct)) return;
            // Compared with what the token says, which the client holds: nothing between the check of it and the first look is missed.
            var before = new SessionSight(token.Claims.ClaimsVersion ?? 0, token.Claims.Roles.ToHashSet(StringComparer.Ordinal));
            var beatAt = time.GetTimestamp();
            while (true)
            {
                var lookedAt = time.GetTimestamp();
                var isEnded = connection.Ended.IsCancellationRequested; // before the look, which then sees at least what the feed has brought
                var sight = await LookAsync(session, ct);
                var news = sight is null ? null : SessionNews.Between(before, sight);
                before = sight ?? before;
                if (news is not null) Write(body, SessionNewsFrames.Of(news));
                else if (time.GetElapsedTime(beatAt) >= HeartbeatEvery) Write(body, SessionNewsFrames.Heartbeat);
                if (body.UnflushedBytes > 0)
                {
                    beatAt = time.GetTimestamp();
                    if (!await http.FlushEventsAsync(time, ct)) return;
                }

                // Not over, and yet closed: the token itself was revoked, or its key removed, or nobody can say any more. It comes again, and is told then how things stand.
                if (news is SessionNews.Ended || isEnded) return;
                timer.Change(Until(sight, time.GetElapsedTime(lookedAt), HeartbeatEvery - time.GetElapsedTime(beatAt)), Timeout.InfiniteTimeSpan);
                await wake.Reader.ReadAsync(ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The reader has gone, or the server stops: the answer ends here.
        }
    }

    // Room is asked for by its size: a writer may answer no wish with none, as the mock's does for the first byte.
    private static void Write(PipeWriter body, ReadOnlySpan<byte> frame)
    {
        frame.CopyTo(body.GetSpan(frame.Length));
        body.Advance(frame.Length);
    }

    // What rests of the session was true when the look began.
    private static TimeSpan Until(SessionSight? sight, TimeSpan sinceLook, TimeSpan heartbeat)
    {
        var next = sight is null or { IsOver: true } ? LookAgainAfter : sight.Rest - sinceLook;
        next = next < heartbeat ? next : heartbeat;
        return next > Least ? next : Least;
    }

    private async Task<SessionSight?> LookAsync(SessionId id, CancellationToken ct)
    {
        try
        {
            var facts = await sessions.FindAsync(id, ct);
            var account = facts.Session is { } session ? await accounts.FindAsync(session.Subject, ct) : null;
            return SessionSight.Of(facts, account?.Stamp, account?.Roles ?? []);
        }
        catch (StoreUnavailableException e)
        {
            telemetry.Unavailable(e);
            return null;
        }
    }
}
