using Symbolon.Sessions;

namespace Symbolon.Authority.Operations;

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
