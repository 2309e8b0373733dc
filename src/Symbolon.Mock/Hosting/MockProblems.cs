using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Symbolon.AspNetCore;

namespace Symbolon.Mock.Hosting;

/// <summary>Problem documents for what no endpoint answers, with the codes of the server.</summary>
internal static class MockProblems
{
    public static void OnException(IApplicationBuilder error) => error.Run(http => http.Features.Get<IExceptionHandlerFeature>()?.Error switch
    {
        BadHttpRequestException bad => Of(bad.StatusCode).ExecuteAsync(http),
        _ => Of(StatusCodes.Status500InternalServerError).ExecuteAsync(http),
    });

    public static Task OnStatusCode(StatusCodeContext context) => Of(context.HttpContext.Response.StatusCode).ExecuteAsync(context.HttpContext);

    private static SymbolonProblem Of(int status) => status switch
    {
        404 => new(404, "not_found", "There is no such thing.", "Check the address. GET /__mock/state lists the routes of this mock."),
        405 => new(405, "method_not_allowed", "The method is not allowed here.", "See the Allow header."),
        413 => new(413, "too_large", "The request is too large.", "Send at most 1 MiB."),
        415 => new(415, "media_type", "The media type is not supported.", "Send the body as application/json."),
        >= 500 => new(status, "internal_error", "Something went wrong here.", "This is a mistake of the mock's."),
        _ => new(status, "request_malformed", "The request is malformed.", "See the documentation of this endpoint."),
    };
}
