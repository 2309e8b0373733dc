using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Symbolon.AspNetCore;

namespace Symbolon.Client.Tests.Support;

/// <summary>What the tests call.</summary>
internal static class Api
{
    public static void Map(WebApplication app)
    {
        app.Map("/api/echo", Echo).RequireSymbolon();
        app.MapGet("/api/roles", (ClaimsPrincipal user) => string.Join(',', user.FindAll("roles").Select(role => role.Value))).RequireSymbolon();
        app.Map("/api/open", Open);
        app.MapGet("/api/moved", (HttpContext http, string to) => Results.Redirect(to, permanent: false, preserveMethod: true)).RequireSymbolon();
    }

    private static async Task Echo(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var (request, body) = (http.Request, await reader.ReadToEndAsync());
        await http.Response.WriteAsync($"{request.Method} {request.Headers["X-Trace"]} {request.ContentType} {body.Length} {body[..Math.Min(60, body.Length)]}");
    }

    // Tells whether a token came along.
    private static Task Open(HttpContext http) => http.Response.WriteAsync(http.Request.Headers.Authorization.Count == 0 ? "none" : $"token, of {http.Request.Headers.UserAgent}");
}
