using Microsoft.AspNetCore.Diagnostics;
using Symbolon.AspNetCore;

namespace Symbolon.Server.Hosting;

/// <summary>Problem documents for what no endpoint answers: unknown paths, wrong methods, mistakes of our own.</summary>
internal static class ServerProblems
{
    private static readonly SymbolonProblem Internal = new(500, "internal_error", "Something went wrong here.",
        "This is a mistake of the server's. Give its operator the trace_id.");

    private static readonly SymbolonProblem Cancelled = new(499, "cancelled", "The request was cancelled.", "Try again.");

    /// <summary>A bug: logged with its trace by the framework, answered without.</summary>
    public static void OnException(IApplicationBuilder error) => error.Run(http => http.Features.Get<IExceptionHandlerFeature>()?.Error switch
    {
        OperationCanceledException when http.RequestAborted.IsCancellationRequested => Cancelled.ExecuteAsync(http),
        BadHttpRequestException bad => Of(bad.StatusCode).ExecuteAsync(http),
        _ => Internal.ExecuteAsync(http),
    });

    public static Task OnStatusCode(StatusCodeContext context) => Of(context.HttpContext.Response.StatusCode).ExecuteAsync(context.HttpContext);

    private static SymbolonProblem Of(int status) => status switch
    {
        404 => new(404, "not_found", "There is no such thing.", "Check the address. /openapi/v1.json lists every endpoint."),
        405 => new(405, "method_not_allowed", "The method is not allowed here.", "See the Allow header, or /openapi/v1.json."),
        413 => new(413, "too_large", "The request is too large.", "Send at most 1 MiB."),
        415 => new(415, "media_type", "The media type is not supported.", "Send the body as application/json."),
        >= 500 => Internal with { Status = status },
        _ => new(status, "request_malformed", "The request is malformed.", "See /openapi/v1.json for what this endpoint takes."),
    };
}
