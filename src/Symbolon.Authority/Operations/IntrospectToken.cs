using Symbolon.Access;
using Symbolon.AspNetCore;
using Symbolon.Sessions;

namespace Symbolon.Authority.Operations;

/// <summary>Says whether an access token counts at this moment (RFC 7662): the token itself, what is revoked, and the session's row.</summary>
internal sealed class IntrospectToken(OwnTokens tokens, SessionLiveCheck live, TimeProvider time)
{
    /// <summary>Asks.</summary>
    /// <exception cref="Ports.StoreUnavailableException">Nobody can say now.</exception>
    public async Task<Introspection> RunAsync(string token, CancellationToken ct)
    {
        using var span = AuthorityTelemetry.Span("symbolon.introspect");
        var result = tokens.ReadExpired(token);
        if (result.Token is not { } authentic) return new Introspection.Inactive(result.Failure!.Value, result.Reason?.Code());

        var answer = await live.AskAsync(new LiveQuestion(token, authentic, Http: null), ct);
        if (answer.IsUnavailable) return Introspection.Unavailable;
        if (answer.Failure is { } failure) return new Introspection.Inactive(failure, answer.Reason);
        // Last, so that it says at the same time that the session lives: a connection may be open for longer than the token that opened it.
        // Verifiers allow for clocks that disagree; the issuer's own does not.
        return authentic.Claims.ExpiresAt <= time.GetUtcNow() ? new Introspection.Inactive(AccessTokenFailure.Expired, Reason: null) : new Introspection.Active(authentic.Claims);
    }
}

/// <summary>What came of asking about a token.</summary>
internal abstract record Introspection
{
    private Introspection()
    {
    }

    /// <summary>Nobody can say now.</summary>
    public static Introspection Unavailable { get; } = new Unknown();

    /// <summary>It counts.</summary>
    /// <param name="Claims">What it says.</param>
    public sealed record Active(AccessTokenClaims Claims) : Introspection;

    /// <summary>It does not.</summary>
    /// <param name="Failure">Why.</param>
    /// <param name="Reason">Why its session ended, where one did.</param>
    public sealed record Inactive(AccessTokenFailure Failure, string? Reason) : Introspection;

    private sealed record Unknown : Introspection;
}
