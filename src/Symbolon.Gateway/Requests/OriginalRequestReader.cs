using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Symbolon.Gateway.Requests;

/// <summary>Reads the original request from the one place that is configured.</summary>
internal static class OriginalRequestReader
{
    /// <summary>The gateway's own path.</summary>
    public const string Prefix = "/verify";

    /// <summary>Whether a raw target is <see cref="Prefix"/> or below it. Judged before the framework resolves dot segments: <c>/verify/../health/live</c> is a question about <c>/../health/live</c>.</summary>
    public static bool IsVerify(string target) =>
        target.StartsWith(Prefix, StringComparison.Ordinal) && (target.Length == Prefix.Length || target[Prefix.Length] is '/' or '?');

    /// <summary>Reads it.</summary>
    public static bool TryRead(HttpContext http, OriginalSource source, out OriginalRequest original)
    {
        var headers = http.Request.Headers;
        return source switch
        {
            OriginalSource.Forwarded => OriginalRequest.TryRead(headers["X-Forwarded-Method"], headers["X-Forwarded-Uri"], out original),
            OriginalSource.Original => OriginalRequest.TryRead(headers["X-Original-Method"], headers["X-Original-URI"], out original),
            _ => OriginalRequest.TryRead(http.Request.Method, Target(http), out original),
        };
    }

    // Envoy puts its prefix before the whole path: what follows begins with a slash, or is not what it sends.
    private static StringValues Target(HttpContext http) => http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget[Prefix.Length..];
}
