using System.Diagnostics.Metrics;

namespace Symbolon.Client.Telemetry;

/// <summary>What clients count, under the meter <c>Symbolon.Client</c>.</summary>
internal sealed class ClientMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Symbolon.Client";

    private const string Outcome = "symbolon.outcome";
    private readonly Meter? own;
    private readonly Counter<long> retries;
    private readonly Histogram<double> refreshes;

    /// <param name="meters">The program's; null: one of its own.</param>
    public ClientMetrics(IMeterFactory? meters)
    {
        var meter = meters?.Create(MeterName) ?? (own = new Meter(MeterName));
        refreshes = meter.CreateHistogram<double>("symbolon.client.refresh.duration", "s", "Refreshes that were begun, by outcome: refreshed, already_newer, kept, signed_out.");
        retries = meter.CreateCounter<long>("symbolon.client.retries", "{request}", "Requests that were refused with 401, by outcome: sent_again, not_replayed, kept.");
    }

    public void Refreshed(RefreshOutcome outcome, TimeSpan took) => refreshes.Record(took.TotalSeconds, new KeyValuePair<string, object?>(Outcome, outcome switch
    {
        RefreshOutcome.Refreshed => "refreshed",
        RefreshOutcome.AlreadyNewer => "already_newer",
        RefreshOutcome.Kept => "kept",
        _ => "signed_out",
    }));

    public void Retried(string outcome) => retries.Add(1, new KeyValuePair<string, object?>(Outcome, outcome));

    // A factory's meter is the factory's.
    public void Dispose() => own?.Dispose();
}
