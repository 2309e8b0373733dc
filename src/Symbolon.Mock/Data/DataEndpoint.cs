using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.WebUtilities;
using Symbolon.AspNetCore;
using Symbolon.Authority.Endpoints;
using Symbolon.Mock.Files;

namespace Symbolon.Mock.Data;

/// <summary>The data over HTTP: reads the request, renders the answer.</summary>
internal static class DataEndpoint
{
    // Lists and embedded resources nest what is taken one by one: an answer may be deeper than any body.
    private static readonly JsonSerializerOptions Deep = new(new Microsoft.AspNetCore.Http.Json.JsonOptions().SerializerOptions) { MaxDepth = 2 * JsonSpotReader.MaxDepth };

    private static readonly string[] Writing = ["POST", "PUT", "PATCH"];

    /// <summary>Headers that pages of other origins need to read.</summary>
    public static IReadOnlyList<string> ExposedHeaders { get; } = ["X-Total-Count", "Link", "Location"];

    /// <summary>The segments below a prefix, or null when the path is not below it.</summary>
    public static string[]? Segments(PathString path, string prefix) =>
        path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase, out var rest) ? rest.Value?.Split('/', StringSplitOptions.RemoveEmptyEntries) : null;

    /// <summary>Answers a request for the data.</summary>
    /// <param name="http">The request.</param>
    /// <param name="data">The data.</param>
    /// <param name="segments">Its path below the prefix.</param>
    /// <param name="read">Its body, where it has been read already.</param>
    public static async Task AnswerAsync(HttpContext http, DataStore data, IReadOnlyList<string> segments, ObjectBody? read = null)
    {
        var body = read is not null ? read : Writing.Contains(http.Request.Method) ? await ObjectBody.ReadAsync(http.Request) : new ObjectBody([]);
        if (body.Problem is { } problem)
        {
            await problem.ExecuteAsync(http);
            return;
        }

        if (segments is [DbFile.Whole] && HttpMethods.IsGet(http.Request.Method)) await WriteAsync(http, new DataAnswer(200, data.Snapshot()));
        else await WriteAsync(http, data.Handle(new DataRequest(http.Request.Method, segments, Query(http.Request)) { Body = body.Value }));
    }

    private static async Task WriteAsync(HttpContext http, DataAnswer answer)
    {
        if (answer.Mistake is { } mistake)
        {
            await (answer.Status == StatusCodes.Status409Conflict ? new SymbolonProblem(409, "id_taken", "The id is taken.", mistake) : Problems.Malformed(mistake)).ExecuteAsync(http);
            return;
        }

        var headers = http.Response.Headers;
        http.Response.StatusCode = answer.Status;
        headers.CacheControl = "no-cache";
        if (answer.Total is { } total) headers["X-Total-Count"] = $"{total}";
        if (answer.Links is { } links) headers.Link = string.Join(", ", links.All.Select(link => $"<{PageAddress(http.Request, link.Page)}>; rel=\"{link.Name}\""));
        if (answer.Location is { } id) headers.Location = Address(http.Request) + (id.Length > 0 ? $"/{Uri.EscapeDataString(id)}" : "");
        await http.Response.WriteAsJsonAsync(answer.Body, Deep, http.RequestAborted);
    }

    // In their order: QueryCollection keeps none.
    private static List<KeyValuePair<string, string>> Query(HttpRequest request)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var pair in new QueryStringEnumerable(request.QueryString.Value)) pairs.Add(new(pair.DecodeName().ToString(), pair.DecodeValue().ToString()));
        return pairs;
    }

    private static string PageAddress(HttpRequest request, int page) =>
        Address(request) + new QueryBuilder(Query(request).Select(pair => pair.Key == "_page" ? new(pair.Key, $"{page}") : pair)).ToQueryString();

    private static string Address(HttpRequest request) => UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, request.Path);
}
