using System.Net;

namespace Symbolon.Client;

/// <summary>The authority could not be asked, or could not answer. Passing: the session goes on.</summary>
public class SymbolonUnavailableException : HttpRequestException
{
    internal SymbolonUnavailableException(string message, TimeSpan? retryAfter = null, Exception? inner = null, HttpStatusCode? status = null) : base(message, inner, status) =>
        RetryAfter = retryAfter;

    /// <summary>When the next try is made, or makes sense.</summary>
    public TimeSpan? RetryAfter { get; }
}

/// <summary>Something answers at the authority's address, and it is not Symbolon: a wrong address, a proxy's page, a captive portal.</summary>
public sealed class NotSymbolonException : SymbolonUnavailableException
{
    internal NotSymbolonException(string message, TimeSpan? retryAfter = null, HttpStatusCode? status = null) : base(message, retryAfter, inner: null, status)
    {
    }
}

/// <summary>The authority refuses a log-in or a registration.</summary>
public sealed class LoginRefusedException : Exception
{
    internal LoginRefusedException(int status, string code, string detail, TimeSpan? retryAfter) : base($"{detail} ({code})") =>
        (Status, Code, RetryAfter) = (status, code, retryAfter);

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    /// <summary>The stable code, such as <c>invalid_credentials</c>, <c>too_many_attempts</c>, <c>username_taken</c> or <c>unknown_client</c>.</summary>
    public string Code { get; }

    /// <summary>When another try makes sense, for <c>too_many_attempts</c>.</summary>
    public TimeSpan? RetryAfter { get; }
}

/// <summary>The token store fails; the message says what to do. Never a token in it.</summary>
public sealed class TokenStoreException : Exception
{
    /// <summary>A failure of the store.</summary>
    public TokenStoreException(string message, Exception? inner = null) : base(message, inner)
    {
    }
}

/// <summary>A refresh that did not work: what each of its waiters is told, in an exception of his own.</summary>
internal sealed record Failure(string Message, FailureKind Kind = FailureKind.Unavailable, TimeSpan? RetryAfter = null, Exception? Cause = null, HttpStatusCode? Status = null)
{
    public static Failure Of(Exception e) => e switch
    {
        NotSymbolonException other => new(other.Message, FailureKind.NotSymbolon, other.RetryAfter, Status: other.StatusCode),
        SymbolonUnavailableException unavailable => new(unavailable.Message, RetryAfter: unavailable.RetryAfter, Cause: unavailable.InnerException, Status: unavailable.StatusCode),
        TokenStoreException store => new(store.Message, FailureKind.Store, Cause: store.InnerException),
        _ => new($"The session cannot be refreshed: {e.GetType().Name}.", Cause: e),
    };

    /// <param name="next">When the next try may be made.</param>
    public Exception ToException(TimeSpan? next = null) => Kind switch
    {
        FailureKind.Store => new TokenStoreException(Message, Cause),
        FailureKind.NotSymbolon => new NotSymbolonException(Message, next ?? RetryAfter, Status),
        _ => new SymbolonUnavailableException(Message, next ?? RetryAfter, Cause, Status),
    };
}

/// <summary>What failed.</summary>
internal enum FailureKind
{
    Unavailable,
    NotSymbolon,
    Store,
}
