namespace Symbolon.Client;

/// <summary>What a request says to the handler that <c>AddSymbolonToken</c> adds, and what the handler says about it.</summary>
public static class SymbolonRequest
{
    /// <summary>Key of the session whose token a request carries; by default the program's only one.</summary>
    public static readonly HttpRequestOptionsKey<string> SessionKey = new("Symbolon.SessionKey");

    /// <summary>Set on a request whose token was refused and whose body could not be sent again.</summary>
    public static readonly HttpRequestOptionsKey<NotReplayedReason> NotReplayed = new("Symbolon.NotReplayed");

    /// <summary>Set on requests to the authority, which carry what they need.</summary>
    internal static readonly HttpRequestOptionsKey<bool> IsOwn = new("Symbolon.IsOwn");

    /// <summary>Sends the request with the token of this session.</summary>
    public static HttpRequestMessage UseSession(this HttpRequestMessage request, string sessionKey)
    {
        request.Options.Set(SessionKey, sessionKey);
        return request;
    }

    /// <summary>Why the request behind this 401 was not sent again, or <see langword="null"/>. The session has been refreshed: sending it anew works.</summary>
    public static NotReplayedReason? NotReplayedReason(this HttpResponseMessage response) =>
        response.RequestMessage is { } request && request.Options.TryGetValue(NotReplayed, out var reason) ? reason : null;

    /// <summary>For SignalR: <c>options.AccessTokenProvider = session.AccessTokenProvider()</c>.</summary>
    public static Func<Task<string?>> AccessTokenProvider(this ISymbolonSession session) =>
        async () => (await session.GetTokenAsync().ConfigureAwait(false))?.Value;
}

/// <summary>Why a request's body is not sent twice.</summary>
public enum NotReplayedReason
{
    /// <summary>It is larger than <see cref="SymbolonTokenOptions.MaxReplay"/>.</summary>
    TooLarge = 1,

    /// <summary>The answer came before all of it was sent, and what it was read from cannot be read again.</summary>
    Interrupted,
}
