namespace Symbolon.Authority.Ports;

/// <summary>The store cannot be used now: full disk, lock, read-only, outage, or more work than it may queue. Answered 503 with <c>Retry-After</c>; nothing was changed.</summary>
public sealed class StoreUnavailableException : Exception
{
    /// <summary>Says what is wrong, for logs; callers are told only to try again.</summary>
    public StoreUnavailableException(string message, Exception? inner = null) : base(message, inner) { }
}
