using System.Text.Json;
using System.Text.Json.Serialization;

namespace Symbolon.Authority;

/// <summary>How far the verifiers of one server have come, at the moment it was written: what servers tell each other.</summary>
/// <param name="Timeline">Of which timeline of the log.</param>
/// <param name="Applied">How far the verifier in the server's own process has come, which counts as none; -1 where it reads another timeline.</param>
/// <param name="IsWhole">False: one that may still accept had to be forgotten, or is not in the list.</param>
/// <param name="Verifiers">The verifiers, those that have come least far first.</param>
internal sealed record VerifierStandings(string Timeline, long Applied, bool IsWhole, IReadOnlyList<VerifierStanding> Verifiers)
{
    /// <summary>The most verifiers that are told of one by one, and of these the most by name.</summary>
    public const int MostListed = 2000, MostNamed = 200;

    private const int LongestText = 1_000_000;

    /// <summary>How many more there are; one of these is never found out to be known elsewhere, too.</summary>
    public int More { get; init; }

    /// <summary>How many of these are late.</summary>
    public int MoreLate { get; init; }

    /// <summary>The same as far as it matters to who asks for a number, and no longer than can be written.</summary>
    public VerifierStandings For(long seq)
    {
        var all = Verifiers.Select(one => one with { Seq = Math.Min(one.Seq, seq) }).OrderBy(one => one.Seq).ThenBy(one => one.Id, StringComparer.Ordinal).ToList();
        var unlisted = all.Skip(MostListed).ToList();
        var late = unlisted.Count(one => one.Seq < seq);
        return this with
        {
            Applied = Math.Min(Applied, seq),
            IsWhole = IsWhole && late == 0,
            Verifiers = [.. all.Take(MostListed).Select((one, i) => i < MostNamed && one.Seq < seq ? one : one with { Name = null })],
            More = unlisted.Count,
            MoreLate = late,
        };
    }

    /// <summary>Whether there is nothing to tell anew: only time has passed.</summary>
    public bool SaysTheSameAs(VerifierStandings other) =>
        Timeline == other.Timeline && Applied == other.Applied && IsWhole == other.IsWhole && More == other.More && MoreLate == other.MoreLate
        && Verifiers.Select(Timeless).SequenceEqual(other.Verifiers.Select(Timeless));

    /// <summary>As text.</summary>
    public string Write() => JsonSerializer.Serialize(this, StandingsJson.Default.VerifierStandings);

    /// <summary>Reads the text; null when it is not understood, which another version may have written.</summary>
    public static VerifierStandings? Read(string text)
    {
        try
        {
            return text.Length <= LongestText && JsonSerializer.Deserialize(text, StandingsJson.Default.VerifierStandings) is { } read && read.Verifiers.All(one => one is not null) ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Whoever had not come so far when this was first written is not made current by what it says later: the answer tells it that it is behind.
    private static VerifierStanding Timeless(VerifierStanding one) => one.Rest == VerifierStanding.ForEver ? one : one with { Rest = 0 };
}

/// <summary>How far one verifier has come.</summary>
/// <param name="Id">A digest of its client, name and instance: the same at each server.</param>
/// <param name="Seq">The number up to which it has applied everything; -1 where it reads another timeline.</param>
/// <param name="Rest">For how many milliseconds it may go on to accept what it has not read; 0 when it refuses already, <see cref="ForEver"/> when it will not stop.</param>
internal sealed record VerifierStanding(string Id, long Seq, long Rest)
{
    /// <summary>It goes on.</summary>
    public const long ForEver = -1;

    /// <summary>Its name; null where it is not told.</summary>
    public string? Name { get; init; }
}

/// <summary>JSON of what servers tell each other. What is missing is not understood.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true, MaxDepth = 4)]
[JsonSerializable(typeof(VerifierStandings))]
internal sealed partial class StandingsJson : JsonSerializerContext;
