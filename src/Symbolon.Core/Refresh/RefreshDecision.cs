using Symbolon.Sessions;

namespace Symbolon.Refresh;

/// <summary>What presenting an authentic refresh token leads to. A closed set: one case per row of the table in DESIGN §4.1.</summary>
public abstract record RefreshDecision
{
    private RefreshDecision() { }

    /// <summary>The tag is right and the proof is wrong: a key has leaked. Refused, session untouched, alarm.</summary>
    public sealed record Forged : RefreshDecision;

    /// <summary>Rule 0: another client, or another transport. Refused, session untouched.</summary>
    public sealed record Foreign : RefreshDecision;

    /// <summary>Rule 1: no such session (any more).</summary>
    public sealed record Unknown : RefreshDecision;

    /// <summary>Rule 2: the session had ended.</summary>
    public sealed record Ended(EndReason Reason) : RefreshDecision;

    /// <summary>Rule 3: the session is past one of its two ends. Refused only: a wrong clock must not end sessions for good.</summary>
    public sealed record Expired(EndReason Reason) : RefreshDecision;

    /// <summary>Rule 4: what stands above the session carries it no more. The session ends.</summary>
    public sealed record Ends(EndReason Reason) : RefreshDecision;

    /// <summary>Rule 5: the holder's key was not proven. Refused, session untouched.</summary>
    public sealed record ProofRequired : RefreshDecision;

    /// <summary>The client must send an attempt id with each refresh and did not. Refused, session untouched.</summary>
    public sealed record AttemptRequired : RefreshDecision;

    /// <summary>Rule 6: a child is used for the first time and becomes the confirmed token.</summary>
    public sealed record Rotate(Session Next) : RefreshDecision;

    /// <summary>Rule 7: the confirmed token again, benign. It is counted, its attempt id kept, and another child answered.</summary>
    public sealed record Retry(Bytes16? Attempt) : RefreshDecision;

    /// <summary>Rule 8: the store lost one acknowledged rotation; as <see cref="Rotate"/>, with an event.</summary>
    public sealed record Adopt(Session Next) : RefreshDecision;

    /// <summary>Rule 9: the store lost more than that: an old backup is in use. No effect; clients keep their session.</summary>
    public sealed record StoreBehind : RefreshDecision;

    /// <summary>Rule 10: somebody was quicker a moment ago. No token, no effect: read your storage again.</summary>
    public sealed record AskAgain : RefreshDecision;

    /// <summary>Rule 11: a used token outside the rules. The session ends.</summary>
    public sealed record Reuse : RefreshDecision;
}
