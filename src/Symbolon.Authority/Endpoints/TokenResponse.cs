using Symbolon.Authority.Operations;
using Symbolon.Sessions;

namespace Symbolon.Authority.Endpoints;

/// <summary>The token response (RFC 6749 §5.1, and ours).</summary>
/// <param name="AccessToken">The access token.</param>
/// <param name="TokenType">Always <c>Bearer</c>.</param>
/// <param name="ExpiresIn">Seconds until the access token expires.</param>
/// <param name="RefreshToken">The refresh token; absent with the cookie transport.</param>
/// <param name="RefreshExpiresIn">Seconds until the session ends for inactivity.</param>
/// <param name="SessionExpiresIn">Seconds until the session ends whatever happens.</param>
/// <param name="SessionId">The session.</param>
/// <param name="Generation">Of the refresh token handed out: keep only a higher one.</param>
/// <param name="ServerTime">The server's clock in milliseconds, for skew reports only.</param>
/// <param name="Scope">Granted scopes, where there are any.</param>
internal sealed record TokenResponse(
    string AccessToken, string TokenType, long ExpiresIn, string? RefreshToken, long RefreshExpiresIn, long SessionExpiresIn,
    string SessionId, int Generation, long ServerTime, string? Scope)
{
    /// <summary>Where the call ended sessions and asked for one.</summary>
    public ReceiptResponse? Receipt { get; init; }

    public static TokenResponse Of(IssuedTokens tokens) => new(
        tokens.AccessToken,
        "Bearer",
        Seconds(tokens.ExpiresAt - tokens.IssuedAt),
        tokens.Session.Transport == SessionTransport.Cookie ? null : tokens.RefreshToken,
        Seconds(tokens.Session.ExpiresAt - tokens.IssuedAt),
        Seconds(tokens.Session.EndsAt - tokens.IssuedAt),
        tokens.Session.Id.ToString(),
        tokens.Generation,
        tokens.IssuedAt.ToUnixTimeMilliseconds(),
        tokens.Session.Scope.Length == 0 ? null : tokens.Session.Scope);

    public override string ToString() => nameof(TokenResponse); // a record would print its tokens

    private static long Seconds(TimeSpan length) => (long)length.TotalSeconds;
}

/// <summary>The answer to <c>client_credentials</c> (RFC 6749 §4.4.3).</summary>
/// <param name="AccessToken">The access token.</param>
/// <param name="TokenType">Always <c>Bearer</c>.</param>
/// <param name="ExpiresIn">Seconds until it expires.</param>
/// <param name="Scope">What it carries, where that is anything.</param>
internal sealed record ClientTokenResponse(string AccessToken, string TokenType, long ExpiresIn, string? Scope)
{
    public static ClientTokenResponse Of(ClientToken token) => new(
        token.AccessToken, "Bearer", (long)(token.ExpiresAt - token.IssuedAt).TotalSeconds, token.Scope.Length == 0 ? null : token.Scope);

    public override string ToString() => nameof(ClientTokenResponse); // a record would print its token
}
