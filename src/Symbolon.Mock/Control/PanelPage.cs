using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Authority.Endpoints;

namespace Symbolon.Mock.Control;

/// <summary>The panel at <c>/__mock/</c>: the control calls as buttons. Plain files, embedded and served as they are.</summary>
internal static class PanelPage
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

    // Read once: a reset maps them again.
    private static readonly StaticFile[] Files = [.. StaticFile.In(typeof(PanelPage).Assembly, "panel/")];

    public static void Map(IEndpointRouteBuilder control)
    {
        var panel = control.MapGroup("");
        foreach (var file in Files) file.Map(panel, file.Name == "index.html" ? "/" : $"/{file.Name}");
        panel.AddEndpointFilter((call, next) =>
        {
            var http = call.HttpContext;
            // Its files are named beside it, so its address has to end in a slash.
            if (http.Request.Path == MockDefaults.ControlPath) return ValueTask.FromResult<object?>(Results.LocalRedirect($"{MockDefaults.ControlPath}/"));
            var headers = http.Response.Headers;
            headers.ContentSecurityPolicy = Policy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            return next(call);
        });
    }
}
