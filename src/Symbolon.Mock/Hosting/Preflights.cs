using Microsoft.AspNetCore.Http;

namespace Symbolon.Mock.Hosting;

/// <summary>What a browser asks before it sends the request that was meant.</summary>
internal static class Preflights
{
    public static bool IsPreflight(this HttpContext http) =>
        HttpMethods.IsOptions(http.Request.Method) && http.Request.Headers.ContainsKey("Access-Control-Request-Method") && http.Request.Headers.ContainsKey("Origin");
}
