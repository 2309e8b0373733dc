using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Symbolon.AspNetCore;
using Symbolon.Authority.Endpoints;
using Symbolon.Mock.Files;

namespace Symbolon.Mock;

/// <summary>The body of a request to content: an object in JSON or a form, bounded before it is parsed.</summary>
/// <param name="Value">Its members; empty when there was no body.</param>
/// <param name="Problem">What is wrong with it, or null.</param>
internal sealed record ObjectBody(JsonObject Value, SymbolonProblem? Problem = null)
{
    private const int MaxSize = 1024 * 1024;
    private const string Json = "application/json";

    public override string ToString() => nameof(ObjectBody); // it may hold a password

    /// <summary>Reads it.</summary>
    public static async ValueTask<ObjectBody> ReadAsync(HttpRequest request)
    {
        if (request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false } || request.ContentLength == 0) return new([]);
        if (request.ContentLength > MaxSize) return Wrong(Problems.TooLarge);
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = MaxSize;
        try
        {
            return request.HasJsonContentType() ? await ReadJsonAsync(request)
                : request.HasFormContentType ? new(Members(await request.ReadFormAsync(request.HttpContext.RequestAborted)))
                : Wrong(Problems.MediaType(Json));
        }
        catch (BadHttpRequestException e)
        {
            return Wrong(e.StatusCode == StatusCodes.Status413PayloadTooLarge ? Problems.TooLarge : Problems.Malformed("The body was cut off."));
        }
        catch (InvalidDataException)
        {
            return Wrong(Problems.Malformed("The form has too many or too long members."));
        }
    }

    /// <summary>A member that is a text; empty when it is not there.</summary>
    public string Text(string name) => Value[name] is { } value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : "";

    private static async ValueTask<ObjectBody> ReadJsonAsync(HttpRequest request)
    {
        using var bytes = new MemoryStream();
        await request.Body.CopyToAsync(bytes, request.HttpContext.RequestAborted);
        var mistakes = new List<MockFileMistake>();
        var read = JsonSpotReader.Read("", bytes.GetBuffer().AsMemory(0, (int)bytes.Length), MaxSize, mistakes);
        return mistakes.Count == 0 && read?.Kind == JsonValueKind.Object ? new(read.ToNode()!.AsObject())
            : Wrong(Problems.Malformed("The body is not valid JSON: an object with each member once."));
    }

    private static JsonObject Members(IFormCollection form)
    {
        var members = new JsonObject();
        foreach (var (name, values) in form) members[name] = values.ToString();
        return members;
    }

    private static ObjectBody Wrong(SymbolonProblem problem) => new([], problem);
}
