using Microsoft.AspNetCore.Http;
using Symbolon.AspNetCore;
using Symbolon.Authority.Accounts;
using Symbolon.Authority.Operations;
using Symbolon.Sessions;

namespace Symbolon.Authority.Endpoints;

/// <summary>Every problem document of the authority's endpoints: one code, one status, one title. DESIGN §7.</summary>
internal static class Problems
{
    // Long enough for another tab to store its answer, short enough not to be noticed.
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(1);

    public static SymbolonProblem RefreshInvalid { get; } = new(401, "refresh_invalid", "The refresh token is not valid.", "Log in again.");

    public static SymbolonProblem AskAgain { get; } = new(409, "ask_again", "Another request was quicker.",
        "Read the stored tokens again: another tab or request has refreshed them. If there is no newer one, try again.", RetryAfter: AskAgainAfter);

    public static SymbolonProblem AttemptRequired { get; } = Malformed("This client must send the header Symbolon-Attempt with each refresh.");

    public static SymbolonProblem InvalidCredentials { get; } = new(401, "invalid_credentials", "User name or password is wrong.", "Check both and try again.");

    public static SymbolonProblem SecondFactorRequired { get; } = new(403, "second_factor_required", "A second factor is required.",
        "This account has a second factor; log in where it can be asked for.");

    public static SymbolonProblem SignInRefused { get; } = new(403, "sign_in_refused", "The account may not sign in.",
        "The account is disabled, locked or not confirmed yet. Ask an administrator.");

    public static SymbolonProblem UsernameTaken { get; } = new(409, "username_taken", "The user name is taken.", "Choose another user name.");

    public static SymbolonProblem UnknownClient { get; } = new(400, "unknown_client", "The client is not known.", "Use a client_id that is configured for log-in, or none.");

    public static SymbolonProblem HttpsRequired { get; } = new(400, "https_required", "The cookie transport needs https.",
        "Use https, or the body transport. Plain http carries the cookie on a loopback host only, and only when the issuer is http too.");

    public static SymbolonProblem CrossSite => AccessTokenProblems.CrossSite;

    public static SymbolonProblem TooLarge { get; } = new(413, "too_large", "The request is too large.", "Send at most 1 MiB.");

    public static SymbolonProblem NotFound { get; } = new(404, "not_found", "There is no such thing.", "Check the address and the id in it.");

    public static SymbolonProblem RevocationsCompacted { get; } = new(410, "revocations_compacted", "The log does not go on from there.",
        "Take a snapshot: GET /revocations without since. Keep what you hold beside it.");

    public static SymbolonProblem Unavailable => AccessTokenProblems.Unavailable;

    public static SymbolonProblem MediaType(string expected) => new(415, "media_type", "The media type is not supported.", $"Send the body as {expected}.");

    public static SymbolonProblem Malformed(string what) => new(400, "request_malformed", "The request is malformed.", what);

    public static SymbolonProblem TooManyAttempts(TimeSpan wait) => new(429, "too_many_attempts", "Too many attempts.", "Wait before trying again.", RetryAfter: wait);

    /// <summary>The code of a session that is over. The reason decides, not who was quicker: a client must not be told otherwise when housekeeping has ended the row meanwhile.</summary>
    public static string CodeOfEnd(EndReason reason) => reason.IsAge() ? "session_expired" : "session_ended";

    public static SymbolonProblem SessionOver(string code, EndReason reason) => new(401, code,
        code switch { "session_expired" => "The session has expired.", "refresh_reuse" => "The refresh token was used already.", _ => "The session has ended." },
        code == "refresh_reuse" ? "Somebody else may hold a copy of it, so the session has ended. Log in again." : "Log in again.",
        reason.Code());

    public static SymbolonProblem Of(PasswordOutcome why) => why switch
    {
        PasswordOutcome.TooMany many => TooManyAttempts(many.Wait),
        PasswordOutcome.NotAllowed { Why: SignInObstacle.SecondFactor } => SecondFactorRequired,
        PasswordOutcome.NotAllowed => SignInRefused,
        _ => InvalidCredentials,
    };

    public static SymbolonProblem Of(AccountResult why) => why switch
    {
        AccountResult.NameTaken => UsernameTaken,
        AccountResult.WeakPassword weak => new(400, "password_too_weak", "The password is not accepted.", weak.Why),
        AccountResult.Invalid invalid => Malformed(invalid.Why),
        _ => NotFound,
    };
}
