using System.Collections.Immutable;
using System.Diagnostics.Metrics;

namespace Symbolon.AspNetCore;

/// <summary>What verifiers count, under the meter <c>Symbolon.AspNetCore</c>; each by <c>symbolon.scheme</c>.</summary>
internal sealed class SymbolonMetrics
{
    /// <summary>The meter's name.</summary>
    public const string Meter = "Symbolon.AspNetCore";

    private const string Scheme = "symbolon.scheme", Outcome = "symbolon.outcome";
    private readonly Counter<long> tokens, resyncs, ignored, fetches, questions;
    private ImmutableList<Observed> feeds = [];

    public SymbolonMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Meter);
        tokens = meter.CreateCounter<long>("symbolon.tokens.checked", "{token}", "Access tokens checked, by outcome: ok, ok_live, ok_stale (accepted although the view was too old), or a code.");
        resyncs = meter.CreateCounter<long>("symbolon.feed.resyncs", "{resync}", "Snapshots of the revocation log that became necessary.");
        ignored = meter.CreateCounter<long>("symbolon.feed.ignored", "{entry}", "Revocations of a kind that this version does not know.");
        fetches = meter.CreateCounter<long>("symbolon.jwks.fetches", "{fetch}", "Fetches of the issuer's keys, by outcome.");
        questions = meter.CreateCounter<long>("symbolon.live.questions", "{question}", "Live questions, by outcome.");
        meter.CreateObservableGauge("symbolon.view.age", Ages, "s", "Age of the view of what is revoked; not there before it was first current.");
        meter.CreateObservableGauge("symbolon.denylist.entries", Entries, "{entry}", "Revocations that are held.");
    }

    public void Checked(string scheme, string outcome)
    {
        if (tokens.Enabled) tokens.Add(1, new(Scheme, scheme), new(Outcome, outcome));
    }

    public void Resynced(string scheme) => resyncs.Add(1, new KeyValuePair<string, object?>(Scheme, scheme));

    public void Ignored(string scheme, int count) => ignored.Add(count, new KeyValuePair<string, object?>(Scheme, scheme));

    public void JwksFetched(string scheme, string outcome) => fetches.Add(1, new(Scheme, scheme), new(Outcome, outcome));

    public void Asked(string scheme, string outcome) => questions.Add(1, new(Scheme, scheme), new(Outcome, outcome));

    /// <summary>Measures a feed's view until what is returned is disposed.</summary>
    public IDisposable Observe(string scheme, RevocationFeed feed)
    {
        var observed = new Observed(this, scheme, feed);
        ImmutableInterlocked.Update(ref feeds, static (all, one) => all.Add(one), observed);
        return observed;
    }

    private IEnumerable<Measurement<double>> Ages() =>
        from one in feeds let age = one.Feed.Age where age != TimeSpan.MaxValue select new Measurement<double>(age.TotalSeconds, new KeyValuePair<string, object?>(Scheme, one.Name));

    private IEnumerable<Measurement<long>> Entries() =>
        feeds.Select(one => new Measurement<long>(one.Feed.View.Denylist.Count, new KeyValuePair<string, object?>(Scheme, one.Name)));

    private sealed class Observed(SymbolonMetrics metrics, string name, RevocationFeed feed) : IDisposable
    {
        public string Name { get; } = name;

        public RevocationFeed Feed { get; } = feed;

        public void Dispose() => ImmutableInterlocked.Update(ref metrics.feeds, static (all, one) => all.Remove(one), this);
    }
}
