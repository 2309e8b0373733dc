using System.Diagnostics.Metrics;

namespace Symbolon.Storage;

/// <summary>What the storage counts, under the meter <c>Symbolon.Storage</c>.</summary>
internal sealed class PostgresMetrics
{
    /// <summary>The meter's name.</summary>
    public const string Meter = "Symbolon.Storage";

    private readonly Counter<long> repeats, roundTrips, refused;
    private readonly Histogram<int> batches;

    public PostgresMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Meter);
        repeats = meter.CreateCounter<long>("symbolon.storage.repeats", "{transaction}", "Transactions that were done again, by the SQLSTATE that ended them.");
        roundTrips = meter.CreateCounter<long>("symbolon.storage.round_trips", "{round_trip}", "Batches sent to the database, by kind of work.");
        refused = meter.CreateCounter<long>("symbolon.storage.refused", "{change}", "Work that was refused because too much of its kind waited.");
        batches = meter.CreateHistogram<int>("symbolon.storage.batch_size", "{item}", "How many shared a statement, by kind of work.");
    }

    public void Repeated(string? state) => repeats.Add(1, new KeyValuePair<string, object?>("symbolon.sqlstate", state ?? "connection"));

    public void Batch(string kind, int size)
    {
        var tag = new KeyValuePair<string, object?>("symbolon.kind", kind);
        roundTrips.Add(1, tag);
        batches.Record(size, tag);
    }

    public void Refused() => refused.Add(1);
}
