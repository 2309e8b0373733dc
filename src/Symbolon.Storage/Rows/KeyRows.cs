using Symbolon.Jose;
using Symbolon.Keys;

namespace Symbolon.Storage;

/// <summary>How signing keys stand in rows, on both engines.</summary>
internal static class KeyRows
{
    public const string Columns = "kid, alg, sealed, announced_at, signs_from, removed_at";

    /// <summary>Reads <see cref="Columns"/>.</summary>
    public static RingKey Read(StoreRow row)
    {
        var kid = row.Text();
        var algorithm = JwsAlgorithms.TryParse(row.Text(), out var known) ? known : throw new FormatException($"Key '{kid}' has an unknown algorithm.");
        return new RingKey(kid, algorithm, [.. row.Blob()], row.Instant(), row.Instant(), row.InstantOrNull());
    }
}
