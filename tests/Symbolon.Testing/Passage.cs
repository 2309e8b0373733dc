namespace Symbolon.Testing;

/// <summary>What becomes of a request's bytes.</summary>
public enum Passage
{
    /// <summary>They pass.</summary>
    Open,

    /// <summary>Half-open: the connection stands, new ones are accepted, and nothing passes in either direction.</summary>
    Held,

    /// <summary>The request passes, and its answer is kept until the passage opens: a proxy that buffers.</summary>
    Kept,

    /// <summary>The connection is reset.</summary>
    Refused,
}
