namespace Symbolon.Testing;

/// <summary>What a client did to a session.</summary>
public enum Deed
{
    /// <summary>Logged in; its answer carries the first refresh token.</summary>
    Start,

    /// <summary>Presented a refresh token.</summary>
    Refresh,

    /// <summary>Ended the session, in whatever way.</summary>
    End,
}

/// <summary>What a client was told.</summary>
public enum Outcome
{
    /// <summary>Done, without tokens: 204.</summary>
    Done,

    /// <summary>Tokens.</summary>
    Issued,

    /// <summary>409 <c>ask_again</c>.</summary>
    AskAgain,

    /// <summary>401 <c>refresh_reuse</c>: this presentation ended the session.</summary>
    Reuse,

    /// <summary>401 <c>session_ended</c>.</summary>
    Ended,

    /// <summary>401 <c>refresh_invalid</c>.</summary>
    Invalid,

    /// <summary>No answer, or a temporary failure: it may have happened or not.</summary>
    Unknown,
}

/// <summary>One operation of one client on one session, as seen from outside.</summary>
public sealed record Observation
{
    /// <summary>The session's id; histories of different sessions have nothing to do with each other.</summary>
    public required string Session { get; init; }

    /// <summary>What was done.</summary>
    public required Deed Deed { get; init; }

    /// <summary>When the request was about to leave; any monotonic number that all clients share.</summary>
    public required long StartedAt { get; init; }

    /// <summary>When the answer was there; <see cref="long.MaxValue"/> when none came.</summary>
    public long EndedAt { get; init; } = long.MaxValue;

    /// <summary>What was answered.</summary>
    public Outcome Outcome { get; init; } = Outcome.Unknown;

    /// <summary>The refresh token that was presented: compared only, never read.</summary>
    public string? Token { get; init; }

    /// <summary>The attempt id that came along.</summary>
    public string? Attempt { get; init; }

    /// <summary>The refresh token in the answer.</summary>
    public string? Child { get; init; }

    /// <summary>Its generation, as the answer says.</summary>
    public int ChildGeneration { get; init; }

    /// <summary>The end's reason: what an end is for, or what a refusal told.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether the caller knows the overlap to have been open; then attempt ids do not matter.</summary>
    public bool IsOverlapOpen { get; init; } = true;

    /// <summary>Whether the caller knows settle to have been open.</summary>
    public bool IsSettleOpen { get; init; } = true;

    /// <summary>Presented by another client, or forged: must be told <see cref="Outcome.Invalid"/> and change nothing.</summary>
    public bool IsOutsider { get; init; }

    /// <inheritdoc/>
    public override string ToString()
    {
        var when = EndedAt == long.MaxValue ? $"[{StartedAt}, …]" : $"[{StartedAt}, {EndedAt}]";
        var child = Child is null ? "" : $" {Short(Child)} of generation {ChildGeneration}";
        return $"{when} {Deed} {Short(Token)} → {Outcome}{child} {Reason}".TrimEnd();
    }

    internal static string Short(string? token) => token is null ? "" : token.Length <= 12 ? token : "…" + token[^8..];

    /// <summary>The outcome that an HTTP answer stands for.</summary>
    /// <param name="status">The status; 0 when no answer came.</param>
    /// <param name="code">The problem's <c>code</c>.</param>
    public static Outcome OutcomeOf(int status, string? code) => (status, code) switch
    {
        (204, _) => Outcome.Done,
        ( >= 200 and < 300, _) => Outcome.Issued,
        (_, "ask_again") => Outcome.AskAgain,
        (_, "refresh_reuse") => Outcome.Reuse,
        (_, "session_ended") => Outcome.Ended,
        (_, "refresh_invalid") => Outcome.Invalid,
        (0 or 429 or >= 500, _) => Outcome.Unknown,
        _ => throw new ArgumentOutOfRangeException(nameof(code), $"{status} {code}", "Not an answer that a history of sessions can hold."),
    };
}
