using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace Symbolon.Server.Hosting;

/// <summary>The page at <c>/</c>: plain files, embedded in the program and served as they are.</summary>
internal static class Page
{
    private const string Folder = "wwwroot/";
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];
    private static readonly FileExtensionContentTypeProvider Types = new();

    public static void MapPage(this WebApplication app)
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            var path = name[Folder.Length..].Replace('\\', '/');
            var type = Types.TryGetContentType(path, out var known) ? known : "application/octet-stream";
            var file = Serve(bytes, type.StartsWith("text/", StringComparison.Ordinal) ? $"{type}; charset=utf-8" : type);
            app.MapMethods($"/{path}", Methods, file).ExcludeFromDescription();
            if (path == "index.html") app.MapMethods("/", Methods, file).ExcludeFromDescription();
        }
    }

    // Revalidated each time, so that a new version is seen at once; the tag makes that cheap.
    private static Func<HttpContext, IResult> Serve(byte[] bytes, string type)
    {
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8))}\"");
        return http =>
        {
            http.Response.Headers.CacheControl = "no-cache";
            return Results.Bytes(bytes, type, entityTag: tag);
        };
    }
}
