namespace Symbolon.Client.Sessions;

/// <summary>What a flight brings home.</summary>
internal abstract record SessionChange
{
    private SessionChange()
    {
    }

    /// <summary>A new token.</summary>
    public sealed record Refreshed(HeldToken Token) : SessionChange;

    /// <summary>What is stored is good enough, or was made so by somebody else.</summary>
    public sealed record Newer(HeldToken Token) : SessionChange;

    /// <summary>Nobody is signed in.</summary>
    public sealed record Nobody : SessionChange;

    /// <summary>The session is over.</summary>
    /// <param name="Ending">Why.</param>
    /// <param name="IsNews">Whether this flight learned it from the authority.</param>
    public sealed record Over(Ending Ending, bool IsNews) : SessionChange;

    /// <summary>It did not work. What is stored stays.</summary>
    /// <param name="Failure">Why; null: it was not tried, since the back-off has not passed.</param>
    /// <param name="Token">What is stored, if that is known.</param>
    public sealed record Kept(Failure? Failure, HeldToken? Token) : SessionChange;
}
