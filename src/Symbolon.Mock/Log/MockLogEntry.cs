namespace Symbolon.Mock;

/// <summary>A request as the log keeps it: never a token, a header, a query or a body.</summary>
/// <param name="N">Its number, from 1; no other request of this mock has it.</param>
/// <param name="At">When it came, by the mock's clock.</param>
/// <param name="Method">Its method.</param>
/// <param name="Path">Its path, the first 512 characters.</param>
public sealed record MockLogEntry(long N, DateTimeOffset At, string Method, string Path)
{
    /// <summary>The status that was answered; of a lost response the one that was lost; null when the engine was not reached and nothing answered, or while it is under way.</summary>
    public int? Status { get; init; }

    /// <summary>The problem's code, where a problem document was answered.</summary>
    public string? Code { get; init; }

    /// <summary>The session, where it is known: from an access token that passed, or from tokens that were issued.</summary>
    public string? SessionId { get; init; }

    /// <summary>The user name, where the session is known.</summary>
    public string? UserName { get; init; }

    /// <summary>The kind of the fault that the request had, for example <c>lost-response</c>.</summary>
    public string? Fault { get; init; }

    /// <summary>How long it took until the answer began, in real time; null while it is under way.</summary>
    public TimeSpan? Duration { get; init; }
}
