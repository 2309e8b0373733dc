namespace Symbolon.Mock;

/// <summary>What is to expire.</summary>
public enum MockExpiry
{
    /// <summary>The access tokens that were given out so far: they are answered 401 <c>token_expired</c>, and refreshing helps.</summary>
    Access,

    /// <summary>The sessions, by inactivity, and their access tokens with them.</summary>
    Session,
}
