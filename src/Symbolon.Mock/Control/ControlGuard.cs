using System.Net;
using Microsoft.AspNetCore.Http;
using Symbolon.AspNetCore;
using Symbolon.Mock.Hosting;

namespace Symbolon.Mock.Control;

/// <summary>Whoever controls a mock sits at this machine, whatever the mock listens on: no page of another origin, no name that was pointed here, no form.</summary>
internal sealed class ControlGuard(RequestDelegate next)
{
    private const string Json = "application/json";

    private static readonly SymbolonProblem NotLocal = new(403, "control_is_local", "The mock is controlled from its own machine only.",
        $"Call {MockDefaults.ControlPath} at a loopback address and name, without an Origin or with a loopback one.");

    private static readonly SymbolonProblem NotJson = new(415, "media_type", "The media type is not supported.", $"Send the body as {Json}.");

    /// <summary>Whether a request is a control call.</summary>
    public static bool IsControl(PathString path) => path.StartsWithSegments(MockDefaults.ControlPath, StringComparison.OrdinalIgnoreCase);

    public Task InvokeAsync(HttpContext http)
    {
        if (!IsControl(http.Request.Path)) return next(http);
        var origin = http.Request.Headers.Origin;
        if (!IsLoopback(http.Connection.RemoteIpAddress) || !Origins.IsLoopbackHost(http.Request.Host.Value ?? "") || (origin.Count > 0 && !Origins.IsLoopback(origin.ToString())))
            return NotLocal.ExecuteAsync(http);
        if (HttpMethods.IsPost(http.Request.Method) && !http.Request.HasJsonContentType()) return NotJson.ExecuteAsync(http);
        return next(http);
    }

    private static bool IsLoopback(IPAddress? address) => address is not null && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
}
