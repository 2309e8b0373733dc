using Symbolon.Sessions;

namespace Symbolon.Authority;

/// <summary>What a log-in or a refresh hands out.</summary>
/// <param name="AccessToken">The access token.</param>
/// <param name="ExpiresAt">When it expires.</param>
/// <param name="RefreshToken">The refresh token.</param>
/// <param name="Generation">Generation of the refresh token: clients keep only a higher one.</param>
/// <param name="Session">The session as committed.</param>
/// <param name="IssuedAt">The store's clock.</param>
public sealed record IssuedTokens(string AccessToken, DateTimeOffset ExpiresAt, string RefreshToken, int Generation, Session Session, DateTimeOffset IssuedAt)
{
    /// <summary>Shows no token: records are printed into logs.</summary>
    public override string ToString() => $"IssuedTokens({Session.Id}, generation {Generation})";
}
