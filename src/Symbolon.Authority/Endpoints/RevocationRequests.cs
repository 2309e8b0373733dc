using Symbolon.AspNetCore;

namespace Symbolon.Authority.Endpoints;

/// <summary>Body of POST /revocations/ack.</summary>
internal sealed record AcknowledgeRequest : Request
{
    private const double LongestStaleness = 86_400;

    public string? Verifier { get; init; }

    public string? Instance { get; init; }

    public string? Timeline { get; init; }

    public long? Seq { get; init; }

    /// <summary>Seconds.</summary>
    public double? MaxStaleness { get; init; }

    public string? WhenStale { get; init; }

    public bool Leaving { get; init; }

    public override string? Check() =>
        Members.Required("verifier", Verifier, Members.LongestName) ?? Members.Required("instance", Instance, Members.LongestName)
        ?? Members.Required("timeline", Timeline, Members.LongestName)
        ?? (Seq is >= 0 ? null : "The member seq must be a number of the log: 0 or more.")
        ?? (MaxStaleness is >= 0 and <= LongestStaleness ? null : "The member max_staleness must be a number of seconds, 0 to 86400.")
        ?? (Read(WhenStale) is null ? "The member when_stale must be \"deny\", \"ask\" or \"allow\"." : null);

    /// <summary>What it says, as of now.</summary>
    public Acknowledgement At(long receivedAt) => new(Timeline!, Seq!.Value, TimeSpan.FromSeconds(MaxStaleness!.Value), Read(WhenStale)!.Value, receivedAt);

    private static WhenStale? Read(string? text) => text switch
    {
        "deny" => AspNetCore.WhenStale.Deny,
        "ask" => AspNetCore.WhenStale.Ask,
        "allow" => AspNetCore.WhenStale.Allow,
        _ => null,
    };
}

/// <summary>How far the log goes.</summary>
internal sealed record AcknowledgedResponse(string Timeline, long Seq);

/// <summary>A page of the log, for OpenAPI; <see cref="Revocation.RevocationJson"/> writes it.</summary>
internal sealed record RevocationPageResponse(
    string Timeline, long? Since, long Seq, long Newest, DateTimeOffset Now, long MaxTokenAge, IReadOnlyList<RevocationEntryResponse> Entries);

/// <summary>An entry, for OpenAPI.</summary>
internal sealed record RevocationEntryResponse(
    long Seq, string Kind, string? Sid, string? Jti, string? Sub, int? Epoch, int? Version, string? Kid, int? Era, DateTimeOffset At, DateTimeOffset Until, string? Reason);

/// <summary>A receipt.</summary>
/// <param name="Seq">The newest number of the log when it was asked.</param>
/// <param name="Verifiers">How many verifiers are known.</param>
/// <param name="Acknowledged">How many have read that far.</param>
/// <param name="Late">How many have not.</param>
/// <param name="CertainAt">From then on none accepts what is revoked, by what each has declared; absent when that cannot be said.</param>
/// <param name="LateVerifiers">Names of the late ones; to administrators only.</param>
/// <param name="Servers">How many servers use the store; absent when there is one.</param>
internal sealed record ReceiptResponse(long Seq, int Verifiers, int Acknowledged, int Late, DateTimeOffset? CertainAt, IReadOnlyList<string>? LateVerifiers, int? Servers)
{
    private const int MostNames = 100;

    public static ReceiptResponse Of(Receipt receipt, bool withNames)
    {
        var (verifiers, late) = (receipt.Count.Verifiers, receipt.Count.Late);
        return new(receipt.Seq, verifiers, verifiers - late, late, receipt.CertainAt,
            withNames ? [.. receipt.Count.LateNames.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(MostNames)] : null,
            receipt.Servers > 1 ? receipt.Servers : null);
    }
}

/// <summary>An answer that is a receipt and nothing else.</summary>
internal sealed record ReceiptOnlyResponse(ReceiptResponse Receipt);
