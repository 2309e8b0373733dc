using System.Collections.Frozen;

namespace Symbolon.Edge.Histories;

/// <summary>One request to a verifier, as its client saw it. Instants are of one monotonic clock.</summary>
/// <param name="Verifier">Who was asked.</param>
/// <param name="Token">Whose token it was: a name, not the token.</param>
/// <param name="StartedAt">Before the request was sent.</param>
/// <param name="EndedAt">When the answer was there.</param>
/// <param name="Refusal">The problem's code; null when it was accepted.</param>
internal sealed record Request(string Verifier, string Token, TimeSpan StartedAt, TimeSpan EndedAt, string? Refusal)
{
    public override string ToString() => $"{Verifier}: {Token} [{StartedAt.TotalMilliseconds:0.0}, {EndedAt.TotalMilliseconds:0.0}] {Refusal ?? "accepted"}";
}

/// <summary>One call that revoked tokens, as its caller saw it.</summary>
/// <param name="Call">What was called, for messages.</param>
/// <param name="Tokens">Whose tokens it revoked.</param>
/// <param name="Refusal">How these are refused from then on: <c>token_revoked</c>, <c>claims_stale</c>.</param>
/// <param name="CalledAt">Before it was sent.</param>
/// <param name="AnsweredAt">When it was answered: the revocation is done, and the receipt is in hand.</param>
/// <param name="Acknowledged">The verifiers that the receipt counts as having acknowledged it.</param>
internal sealed record Revoking(string Call, FrozenSet<string> Tokens, string Refusal, TimeSpan CalledAt, TimeSpan AnsweredAt, FrozenSet<string> Acknowledged)
{
    public override string ToString() => $"{Call} [{CalledAt.TotalMilliseconds:0.0}, {AnsweredAt.TotalMilliseconds:0.0}], acknowledged by {string.Join(", ", Acknowledged.Order())}";
}

/// <summary>What verifiers were asked and what was revoked meanwhile, and whether that fits the contract of "logged out".</summary>
/// <param name="Bounds">How old each verifier's view may be, for those that refuse or ask beyond it; a verifier that allows has none.</param>
/// <param name="Requests">The requests, in any order.</param>
/// <param name="Revocations">The calls, in any order.</param>
internal sealed record History(IReadOnlyDictionary<string, TimeSpan?> Bounds, IReadOnlyCollection<Request> Requests, IReadOnlyCollection<Revoking> Revocations)
{
    /// <summary>Refusals that say nothing about the token: it is to come again.</summary>
    public static readonly FrozenSet<string> Temporary = FrozenSet.Create("view_stale", "unavailable");

    private static readonly FrozenSet<string> Revoked = FrozenSet.Create("token_revoked", "claims_stale");

    /// <summary>What breaks the contract; nothing when it is kept.</summary>
    public IEnumerable<string> Violations()
    {
        var revoking = Revocations.SelectMany(one => one.Tokens.Select(token => (token, one))).ToLookup(pair => pair.token, pair => pair.one);
        var refusedAt = Requests.Where(request => request.Refusal is { } code && Revoked.Contains(code)).GroupBy(request => (request.Verifier, request.Token))
            .ToDictionary(group => group.Key, group => group.Min(request => request.EndedAt));
        foreach (var request in Requests)
        {
            var violation = request.Refusal is { } code ? OfRefusal(request, code, revoking[request.Token]) : OfAcceptance(request, revoking[request.Token], refusedAt);
            if (violation is not null) yield return $"{violation}: {request}";
        }
    }

    private string? OfAcceptance(Request request, IEnumerable<Revoking> revocations, Dictionary<(string, string), TimeSpan> refusedAt)
    {
        foreach (var one in revocations)
        {
            if (request.StartedAt > one.AnsweredAt && one.Acknowledged.Contains(request.Verifier)) return $"accepted after a receipt that counts this verifier ({one})";
            if (Bounds[request.Verifier] is { } bound && request.StartedAt > one.AnsweredAt + bound) return $"accepted later than {bound} after it was revoked ({one})";
        }

        return refusedAt.TryGetValue((request.Verifier, request.Token), out var before) && request.StartedAt > before
            ? $"accepted after the same verifier had refused the same token at {before.TotalMilliseconds:0.0}" : null;
    }

    private static string? OfRefusal(Request request, string code, IEnumerable<Revoking> revocations)
    {
        if (Temporary.Contains(code)) return null;
        if (!Revoked.Contains(code)) return $"refused with {code}, which nobody caused";
        return revocations.Any(one => one.Refusal == code && one.CalledAt < request.EndedAt) ? null : $"refused with {code}, though nobody had revoked it";
    }
}
