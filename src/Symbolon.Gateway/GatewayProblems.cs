using Symbolon.AspNetCore;

namespace Symbolon.Gateway;

/// <summary>The problem documents that only the gateway answers.</summary>
internal static class GatewayProblems
{
    /// <summary>Names the code of a refusal, for proxies that write the answer themselves.</summary>
    public const string Header = "X-Auth-Problem";

    /// <summary>403: method and path are not there exactly once in the one place that counts, or have two readings.</summary>
    public static SymbolonProblem Request { get; } = new(
        StatusCodes.Status403Forbidden, "request_ambiguous", "The request cannot be judged.",
        "Its path has more than one reading (such as '..', '//' or an encoded slash), or the proxy did not say which request it asks about.");

    /// <summary>403: the path has rules, but none for this method.</summary>
    public static SymbolonProblem Method { get; } = new(
        StatusCodes.Status403Forbidden, "method_not_allowed", "The method is not allowed here.", "The rules of this path list other methods.");

    /// <summary>404: not one of the gateway's paths.</summary>
    public static SymbolonProblem NotFound { get; } = new(
        StatusCodes.Status404NotFound, "not_found", "There is no such thing.", "The gateway answers /verify, /health/live and /health/ready.");
}
