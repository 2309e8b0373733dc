using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace Symbolon.Authority.Endpoints;

/// <summary>A file that is embedded in an assembly and served as it is. Revalidated each time, so that a new version is seen at once; the tag makes that cheap.</summary>
internal sealed class StaticFile
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];
    private static readonly FileExtensionContentTypeProvider Types = new();
    private readonly byte[] bytes;
    private readonly string type;
    private readonly EntityTagHeaderValue tag;

    private StaticFile(string name, byte[] bytes)
    {
        Name = name;
        this.bytes = bytes;
        var known = Types.TryGetContentType(name, out var found) ? found : "application/octet-stream";
        type = known.StartsWith("text/", StringComparison.Ordinal) ? $"{known}; charset=utf-8" : known;
        tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8))}\"");
    }

    /// <summary>Its path below the folder, with slashes.</summary>
    public string Name { get; }

    /// <summary>The files that an assembly embeds under a name that begins with a folder.</summary>
    public static IEnumerable<StaticFile> In(Assembly assembly, string folder)
    {
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(folder, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            yield return new StaticFile(name[folder.Length..].Replace('\\', '/'), content);
        }
    }

    /// <summary>Serves it at a path, to GET and HEAD.</summary>
    public RouteHandlerBuilder Map(IEndpointRouteBuilder app, string path) =>
        app.MapMethods(path, Methods, (HttpContext http) =>
        {
            http.Response.Headers.CacheControl = "no-cache";
            return Results.Bytes(bytes, type, entityTag: tag);
        }).ExcludeFromDescription();
}
