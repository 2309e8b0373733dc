using System.Collections.Concurrent;
using System.Numerics;
using Microsoft.Extensions.Logging;
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
    private readonly string name;
    private readonly ILogger log;
    private int isReading, isSweeping, isAsking;

    public SchemeConnections(string name, TokenCheckSources sources, TimeProvider time, ILogger log)
    {
        (this.name, this.sources, Time, this.log) = (name, sources, time, log);
        stripes = new ConnectionStripe[(int)BitOperations.RoundUpToPowerOf2((uint)(4 * Environment.ProcessorCount))];
        for (var i = 0; i < stripes.Length; i++) stripes[i] = new ConnectionStripe();
        watch = sources.Feed?.Watch(OnRevoked);
        timer = time.CreateTimer(static all => ((SchemeConnections)all!).Sweep(), this, SweepEvery, SweepEvery);
    }

    public TimeProvider Time { get; }

    /// <summary>The view that decides: to be taken before a token is checked.</summary>
    public RevocationView? View => sources.Feed?.View;

    /// <summary>Keeps watch over a connection.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="checkedBy">The view before its token was checked. What came in between is looked for here, or it would be missed.</param>
    public void Add(SymbolonConnection connection, RevocationView? checkedBy)
    {
        stripes[Thread.GetCurrentProcessorId() & (stripes.Length - 1)].Add(connection);
        LookAfter(connection.Demand.MaxStaleness.Ticks);
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

    private void LookAfter(long staleness)
    {
        while (Volatile.Read(ref shortestStaleness) is var shortest && staleness < shortest)
        {
            if (Interlocked.CompareExchange(ref shortestStaleness, staleness, shortest) == shortest) return;
        }
    }

    /// <summary>Looks at the age of the view, and at connections that were given a moment. Waits for nobody: who has to be asked about is asked about meanwhile.</summary>
    private void Sweep()
    {
        if (Interlocked.Exchange(ref isSweeping, 1) == 1) return;
        try
        {
            foreach (var (connection, _) in ending) connection.Cut();
            var age = sources.Feed?.Age ?? TimeSpan.MaxValue;
            if (age.Ticks <= Volatile.Read(ref shortestStaleness)) return;
            var now = Time.GetTimestamp();
            var unsure = Open().FindAll(connection => connection.Code is null && age > connection.Demand.MaxStaleness && IsToBeAsked(connection, age, now));
            if (unsure.Count > 0 && Interlocked.Exchange(ref isAsking, 1) == 0) _ = AskAsync(unsure);
        }
        catch (Exception e)
        {
            log.OpenConnectionsUnanswered(name, e.GetType().Name); // a timer's exception would end the process
        }
        finally
        {
            Volatile.Write(ref isSweeping, 0);
        }
    }

    private bool IsToBeAsked(SymbolonConnection connection, TimeSpan age, long now)
    {
        var demand = connection.Demand;
        switch (demand.Mode == SymbolonMode.Live ? WhenStale.Ask : demand.WhenStale)
        {
            case WhenStale.Ask:
                return connection.VouchedAt == 0 || Time.GetElapsedTime(connection.VouchedAt, now) >= demand.MaxStaleness;
            case WhenStale.Allow:
                if (connection.LeftSince == 0) connection.LeftSince = now;
                // Every token of that time has expired, and the log has dropped what ended such sessions: the feed will never say it.
                if (age > RevocationEntry.Life && Time.GetElapsedTime(connection.LeftSince, now) > RevocationEntry.Life) End(connection, AccessTokenProblems.ViewStale.Code, null);
                return false;
            default:
                End(connection, AccessTokenProblems.ViewStale.Code, null);
                return false;
        }
    }

    private async Task AskAsync(List<SymbolonConnection> unsure)
    {
        string? failed = null;
        try
        {
            await Parallel.ForEachAsync(unsure, new ParallelOptions { MaxDegreeOfParallelism = AskedAtOnce }, async (connection, _) => failed = await AskAsync(connection) ?? failed);
        }
        finally
        {
            Volatile.Write(ref isAsking, 0);
        }

        if (failed is not null) log.OpenConnectionsUnanswered(name, failed); // once for all of them
    }

    // What went wrong, if something did: never an exception, which would leave the others unasked and open.
    private async Task<string?> AskAsync(SymbolonConnection connection)
    {
        if (sources.Feed is { } feed && feed.Age <= connection.Demand.MaxStaleness) return null; // the view is current again
        using var patience = new CancellationTokenSource(AnswerWithin, Time);
        var asked = Time.GetTimestamp();
        try
        {
            var answer = sources.Live is { } live ? await live.AskAsync(new LiveQuestion(connection.Token, connection.Authentic, Http: null), patience.Token).AsTask().WaitAsync(patience.Token) : LiveAnswer.Unavailable;
            if (answer.IsUnavailable) End(connection, AccessTokenProblems.ViewStale.Code, null);
            else if (answer.Failure is not { } failure || LeavesOpen(failure, connection)) connection.VouchedAt = asked;
            else End(connection, failure.Code(), answer.Reason);
            return null;
        }
        catch (Exception e)
        {
            End(connection, AccessTokenProblems.ViewStale.Code, null);
            return e.GetType().Name;
        }
    }

    // A token that has only expired, or is older than the claims, says nothing against its session.
    private static bool LeavesOpen(AccessTokenFailure failure, SymbolonConnection connection) =>
        failure == AccessTokenFailure.Expired || (failure == AccessTokenFailure.ClaimsStale && !connection.ClosesWhenClaimsStale);

    private List<SymbolonConnection> Open()
    {
        var all = new List<SymbolonConnection>();
        foreach (var stripe in stripes) stripe.CopyTo(all);
        return all;
    }
}
