using System.Collections.Concurrent;
using System.Numerics;
using Symbolon.Access;
using Symbolon.Revocation;
using Symbolon.Sessions;

namespace Symbolon.AspNetCore;

/// <summary>
/// The open connections of a scheme, and who closes them: each that the feed's new entries concern, at once; and when the view of what is revoked has become older than a connection's route allows,
/// what that route says: closed, or closed unless the authority vouches for its session, or left.
/// </summary>
/// <remarks>A request costs an entry in a list and its removal. Nothing is looked up for it but when an entry arrives.</remarks>
internal sealed class SchemeConnections : IDisposable
{
    private const int AskedAtOnce = 16;

    /// <summary>How often the age of the view is looked at, and so how much later than its bound a connection may be closed.</summary>
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    private readonly ConnectionStripe[] stripes;
    private readonly TokenCheckSources sources;
    private readonly IDisposable? watch;
    private readonly ITimer timer;
    private readonly ConcurrentQueue<Denylist> news = new();
    private readonly ConcurrentDictionary<SymbolonConnection, bool> ending = new();
    private long shortestStaleness = long.MaxValue;
    private int isReading, isSweeping;

    public SchemeConnections(TokenCheckSources sources, TimeSpan grace, TimeProvider time)
    {
        (this.sources, Grace, Time) = (sources, grace, time);
        stripes = new ConnectionStripe[(int)BitOperations.RoundUpToPowerOf2((uint)(4 * Environment.ProcessorCount))];
        for (var i = 0; i < stripes.Length; i++) stripes[i] = new ConnectionStripe();
        watch = sources.Feed?.Watch(OnRevoked);
        timer = time.CreateTimer(static all => _ = ((SchemeConnections)all!).SweepAsync(), this, SweepEvery, SweepEvery);
    }

    public TimeProvider Time { get; }

    public TimeSpan Grace { get; }

    /// <summary>The view that decides: to be taken before a token is checked.</summary>
    public RevocationView? View => sources.Feed?.View;

    /// <summary>Keeps watch over a connection.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="checkedBy">The view before its token was checked. What came in between is looked for here, or it would be missed.</param>
    public void Add(SymbolonConnection connection, RevocationView? checkedBy)
    {
        stripes[Thread.GetCurrentProcessorId() & (stripes.Length - 1)].Add(connection);
        if (connection.Demand.MaxStaleness.Ticks < Volatile.Read(ref shortestStaleness)) Interlocked.Exchange(ref shortestStaleness, connection.Demand.MaxStaleness.Ticks);
        if (View is { } view && !ReferenceEquals(view, checkedBy)) EndIfRevoked(connection, view.Denylist);
    }

    /// <summary>The connection is over.</summary>
    public void Remove(SymbolonConnection connection)
    {
        connection.Stripe?.Remove(connection);
        if (!ending.IsEmpty) ending.TryRemove(connection, out _);
    }

    public void Dispose()
    {
        watch?.Dispose();
        timer.Dispose();
    }

    // The feed must not wait for us. Whoever finds nobody reading reads; what arrives meanwhile is read by that one.
    private void OnRevoked(Denylist added)
    {
        news.Enqueue(added);
        if (Interlocked.Exchange(ref isReading, 1) == 0) ThreadPool.UnsafeQueueUserWorkItem(static all => all.ReadNews(), this, preferLocal: false);
    }

    private void ReadNews()
    {
        do
        {
            while (news.TryDequeue(out var added))
            {
                foreach (var connection in Open()) EndIfRevoked(connection, added);
            }

            Volatile.Write(ref isReading, 0);
        }
        while (!news.IsEmpty && Interlocked.Exchange(ref isReading, 1) == 0);
    }

    private void EndIfRevoked(SymbolonConnection connection, Denylist denylist)
    {
        if (denylist.Find(connection.Authentic) is not { } match) return;
        if (match.Failure != AccessTokenFailure.ClaimsStale || connection.ClosesWhenClaimsStale) End(connection, match.Failure.Code(), match.Reason is { } reason ? reason.Code() : null);
    }

    private void End(SymbolonConnection connection, string code, string? reason)
    {
        ending[connection] = true;
        connection.End(code, reason);
        if (connection.Stripe is null) ending.TryRemove(connection, out _); // it was over meanwhile
    }

    /// <summary>Looks at the age of the view, and at connections that were given a moment.</summary>
    internal async Task SweepAsync()
    {
        if (Interlocked.Exchange(ref isSweeping, 1) == 1) return;
        try
        {
            foreach (var (connection, _) in ending) connection.Cut();
            var age = sources.Feed?.Age ?? TimeSpan.MaxValue;
            if (age.Ticks <= Volatile.Read(ref shortestStaleness)) return;
            var now = Time.GetTimestamp();
            var unsure = Open().FindAll(connection => connection.Code is null && age > connection.Demand.MaxStaleness && IsToBeAsked(connection, age, now));
            await Parallel.ForEachAsync(unsure, new ParallelOptions { MaxDegreeOfParallelism = AskedAtOnce }, AskAsync);
        }
        finally
        {
            Volatile.Write(ref isSweeping, 0);
        }
    }

    private bool IsToBeAsked(SymbolonConnection connection, TimeSpan age, long now)
    {
        var demand = connection.Demand;
        var whenStale = demand.Mode == SymbolonMode.Live ? WhenStale.Ask : demand.WhenStale;
        if (whenStale == WhenStale.Deny)
        {
            End(connection, AccessTokenProblems.ViewStale.Code, null);
            return false;
        }

        if (connection.VouchedAt == 0) connection.VouchedAt = now; // it was let in a moment ago
        var unvouched = Time.GetElapsedTime(connection.VouchedAt, now);
        if (whenStale == WhenStale.Ask) return unvouched >= demand.MaxStaleness;
        // Every token of that time has expired, and the log has dropped what ended such sessions: the feed will never say it.
        if (age > RevocationEntry.Life && unvouched > RevocationEntry.Life) End(connection, AccessTokenProblems.ViewStale.Code, null);
        return false;
    }

    private async ValueTask AskAsync(SymbolonConnection connection, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(AnswerWithin, Time);
        var asked = Time.GetTimestamp();
        try
        {
            var answer = sources.Live is { } live ? await live.AskAsync(new LiveQuestion(connection.Token, connection.Authentic, Http: null), patience.Token) : LiveAnswer.Unavailable;
            if (answer.IsUnavailable) End(connection, AccessTokenProblems.ViewStale.Code, null);
            else if (answer.Failure is not { } failure || (failure == AccessTokenFailure.ClaimsStale && !connection.ClosesWhenClaimsStale)) connection.VouchedAt = asked;
            else End(connection, failure.Code(), answer.Reason);
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException)
        {
            End(connection, AccessTokenProblems.ViewStale.Code, null);
        }
    }

    private List<SymbolonConnection> Open()
    {
        var all = new List<SymbolonConnection>();
        foreach (var stripe in stripes) stripe.CopyTo(all);
        return all;
    }
}
