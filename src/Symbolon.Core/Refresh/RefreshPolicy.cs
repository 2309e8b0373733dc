namespace Symbolon.Refresh;

/// <summary>How a client's refresh tokens are treated.</summary>
/// <remarks>DESIGN §4.1.</remarks>
public sealed record RefreshPolicy
{
    /// <summary>For <see cref="Overlap"/>: the confirmed token may come again until a child of it is used.</summary>
    public static readonly TimeSpan UntilUsed = TimeSpan.MaxValue;

    /// <summary>How long after its use the confirmed token may come again without an attempt id. 0 to 24 hours or <see cref="UntilUsed"/>; default 10 minutes.</summary>
    public TimeSpan Overlap { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long after a rotation a retired token is answered "ask again" and is not treated as theft. Default 10 seconds.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Each refresh must carry an attempt id, and there is no overlap: a thief without it is never served beside the client.</summary>
    public bool AttemptsRequired { get; init; }

    /// <summary>The client has a secret and refreshes at the token endpoint only.</summary>
    public bool IsConfidential { get; init; }
}
