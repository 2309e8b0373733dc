using Symbolon.Refresh;
using Symbolon.Sessions;

namespace Symbolon.Authority.Operations;

/// <summary>What a refresh is decided by: the MAC keys, the clients' policies, the lifetimes.</summary>
internal sealed class RefreshRules(RefreshTokenKeys keys, Clients clients, SessionLifetime lifetime)
{
    public RefreshTokenKeys Keys => keys;

    public RefreshDecision Decide(SessionFacts facts, Bytes16? stamp, AuthenticRefreshToken read, RefreshCommand command)
    {
        var presented = new PresentedRefreshToken(read.Token, IsProven(facts, read), command.ClientId, command.Transport, command.Attempt);
        var policy = clients.PolicyOf(facts.Session?.ClientId ?? "");
        return RefreshRotation.Decide(facts, stamp, presented, policy, lifetime);
    }

    public bool IsProven(SessionFacts facts, AuthenticRefreshToken read) =>
        facts.Session is { } session && RefreshToken.IsProven(read, session.Salt, keys);
}

/// <summary>A refresh as it was asked for.</summary>
/// <param name="Token">The refresh token: untrusted, of any length.</param>
/// <param name="ClientId">The authenticated or named client; null at the endpoint where only public clients come.</param>
/// <param name="Transport">How the token came.</param>
/// <param name="Attempt">Hash of the attempt id, or null.</param>
internal sealed record RefreshCommand(string Token, string? ClientId, SessionTransport Transport, Bytes16? Attempt)
{
    public override string ToString() => nameof(RefreshCommand); // a record would print its token
}

/// <summary>What became of a refresh.</summary>
internal abstract record RefreshOutcome
{
    private RefreshOutcome() { }

    /// <summary>Here are the tokens; the commit is durable.</summary>
    public sealed record Issued(IssuedTokens Tokens) : RefreshOutcome;

    /// <summary>Not authentic, foreign, or no such session.</summary>
    public sealed record Invalid : RefreshOutcome;

    /// <summary>The session has ended.</summary>
    public sealed record Ended(EndReason Reason) : RefreshOutcome;

    /// <summary>The session has expired.</summary>
    public sealed record Expired(EndReason Reason) : RefreshOutcome;

    /// <summary>The token was used already; the session has ended just now.</summary>
    public sealed record Reuse : RefreshOutcome;

    /// <summary>The holder's key must be proven.</summary>
    public sealed record ProofRequired : RefreshOutcome;

    /// <summary>The client must send an attempt id.</summary>
    public sealed record AttemptRequired : RefreshOutcome;

    /// <summary>Somebody was quicker: read the storage again.</summary>
    public sealed record AskAgain : RefreshOutcome;

    /// <summary>This server or its store cannot judge the token now.</summary>
    public sealed record Unavailable : RefreshOutcome;
}
