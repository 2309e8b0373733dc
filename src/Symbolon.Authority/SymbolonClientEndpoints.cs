using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Authority.Endpoints;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the browser client.</summary>
public static class SymbolonClientEndpoints
{
    private const string Folder = "client/";

    /// <summary>Maps the browser client's modules under <c>/symbolon/</c>: <c>import { createAuth } from "/symbolon/client.js"</c>. The same files as the npm package <c>@symbolon/client</c>.</summary>
    /// <remarks>They are public, static and the same for everybody, so that pages of any origin may load them.</remarks>
    public static IEndpointConventionBuilder MapSymbolonClient(this IEndpointRouteBuilder app)
    {
        var files = app.MapGroup("/symbolon");
        foreach (var file in StaticFile.In(typeof(SymbolonClientEndpoints).Assembly, Folder)) file.Map(files, $"/{file.Name}");
        files.AddEndpointFilter((context, next) =>
        {
            var headers = context.HttpContext.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers.AccessControlAllowOrigin = "*";
            headers["Cross-Origin-Resource-Policy"] = "cross-origin";
            return next(context);
        });
        return files.AllowAnonymous();
    }
}
