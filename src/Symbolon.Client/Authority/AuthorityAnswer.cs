using System.Net;
using System.Text.Json;

namespace Symbolon.Client.Authority;

/// <summary>What the authority answered, read whole.</summary>
internal abstract record AuthorityAnswer
{
    private AuthorityAnswer()
    {
    }

    /// <summary>A token response.</summary>
    public sealed record Tokens(TokenResponse Response) : AuthorityAnswer;

    /// <summary>Done; there was nothing to hand out.</summary>
    public sealed record Done : AuthorityAnswer;

    /// <summary>A problem document of ours.</summary>
    public sealed record Refused(int Status, string Code, string? Reason, string Detail, TimeSpan? RetryAfter) : AuthorityAnswer
    {
        /// <summary>The session is over, and why; only four codes say so.</summary>
        public Ending? Ending => Status == 401 && Client.Ending.IsOne(Code) ? new Ending(Code, Reason) : null;

        /// <summary>Another request with this token was quicker.</summary>
        public bool IsAskAgain => Status == 409 && Code == "ask_again";

        /// <summary>Whether the same request may be answered later.</summary>
        public bool IsPassing => Status is 409 or 429 or >= 500;

        public Failure Failure => new($"The authority does not refresh now: {Code}.", RetryAfter: RetryAfter, Status: (HttpStatusCode)Status);
    }

    /// <summary>No answer, or not one of ours: nothing is known.</summary>
    public sealed record Failed(Failure Failure) : AuthorityAnswer;

    /// <summary>Reads an answer that has come whole.</summary>
    public static AuthorityAnswer Read(HttpStatusCode status, string? mediaType, ReadOnlySpan<byte> body, TimeSpan? retryAfter, Uri asked)
    {
        var isJson = mediaType is "application/json" or "application/problem+json";
        if (status == HttpStatusCode.NoContent) return new Done();
        if ((int)status is >= 200 and < 300 && isJson && Json<TokenResponse>(body) is { } tokens)
            return tokens.AccessToken is null ? new Done() : tokens.IsWhole ? new Tokens(tokens) : NotOurs(asked, status, "a token response that is not whole");
        if ((int)status >= 400 && isJson && Json<ProblemResponse>(body) is { IsOurs: true } problem)
            return new Refused((int)status, problem.Code!, problem.Reason, problem.Detail ?? "", retryAfter);
        if ((int)status is 429 or >= 500) return new Failed(new Failure($"{Shown(asked)} answers {(int)status}.", RetryAfter: retryAfter, Status: status));
        return NotOurs(asked, status, mediaType ?? "nothing that has a type");
    }

    /// <summary>An answer that no authority gives. Whoever gives it has no say in when the authority is asked again.</summary>
    public static Failed NotOurs(Uri asked, HttpStatusCode status, string what) => new(new Failure(
        $"{Shown(asked)} answers {(int)status} with {what}: that is not Symbolon. Check the Authority's address and Path, and what stands between.",
        FailureKind.NotSymbolon, Status: status));

    public static string Shown(Uri asked) => asked.GetLeftPart(UriPartial.Path);

    private static T? Json<T>(ReadOnlySpan<byte> body) where T : class
    {
        try
        {
            return (T?)JsonSerializer.Deserialize(body, typeof(T), ClientJson.Default);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
