namespace Symbolon.Client;

/// <summary>An access token as it was at the moment it was asked for.</summary>
public sealed class AccessToken
{
    internal AccessToken(string value, long version, TimeSpan expiresIn, string sessionId) =>
        (Value, Version, ExpiresIn, SessionId) = (value, version, expiresIn, sessionId);

    /// <summary>What goes behind <c>Authorization: Bearer</c>.</summary>
    public string Value { get; }

    /// <summary>Grows with each token of a session key. Hand it to <see cref="ISymbolonSession.RefreshAsync"/> when an API refused this token.</summary>
    public long Version { get; }

    /// <summary>What was left of its life, by this machine's monotonic clock.</summary>
    public TimeSpan ExpiresIn { get; }

    /// <summary>The session it belongs to.</summary>
    public string SessionId { get; }

    /// <summary>Never the token.</summary>
    public override string ToString() => $"access token, version {Version}";
}
