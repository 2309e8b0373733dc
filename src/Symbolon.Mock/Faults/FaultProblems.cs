using Microsoft.AspNetCore.Http;
using Symbolon.AspNetCore;

namespace Symbolon.Mock.Faults;

/// <summary>The answers of <see cref="MockFaultKind.Status"/>.</summary>
internal static class FaultProblems
{
    /// <summary>Answers. A 4xx without a code is bare, as from somebody else who stands in front; with one, and for what servers say when they cannot, it is a problem document. A 401 then challenges as the engine's do.</summary>
    public static Task AnswerAsync(HttpContext http, MockFault fault)
    {
        if (fault.Code is null && fault.Status is < 500 and not 429)
        {
            http.Response.StatusCode = fault.Status;
            http.Response.ContentLength = 0;
            if (fault.RetryAfter is { } wait) http.Response.Headers.RetryAfter = $"{(long)Math.Ceiling(wait.TotalSeconds)}";
            return Task.CompletedTask;
        }

        var code = fault.Code ?? CodeOf(fault.Status);
        var challenge = fault.Status == 401 ? $"Bearer error=\"invalid_token\", error_description=\"{code}\"" : null;
        return new SymbolonProblem(fault.Status, code, "A fault of the mock's.", "The mock was told to answer this.", RetryAfter: fault.RetryAfter, Challenge: challenge).ExecuteAsync(http);
    }

    private static string CodeOf(int status) => status switch
    {
        429 => "too_many_attempts",
        503 => "unavailable",
        _ => "internal_error",
    };
}
