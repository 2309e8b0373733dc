using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Symbolon.AspNetCore;
using Symbolon.Authority.Endpoints;

namespace Symbolon.Mock.Control;

/// <summary>Bodies of control calls, in and out.</summary>
internal static class ControlBody
{
    private const int MaxSize = 64 * 1024;

    /// <summary>Reads a body and answers what <paramref name="answer"/> makes of it; a problem document when it cannot be read.</summary>
    public static async Task<IResult> WithAsync<T>(HttpContext http, Func<T, Task<IResult>> answer) where T : class
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = MaxSize;
        T? body;
        try
        {
            body = await JsonSerializer.DeserializeAsync(http.Request.Body, (JsonTypeInfo<T>)ControlJson.Default.GetTypeInfo(typeof(T))!, http.RequestAborted);
        }
        catch (ExpectedException e)
        {
            return Problems.Malformed($"The member {e.Path} must be {e.Message}.");
        }
        catch (JsonException e)
        {
            return Problems.Malformed(e.Path is { Length: > 1 and < 100 } path
                ? $"The member {path} is not known, of the wrong type, stands twice, or is not valid JSON."
                : "The body must be a JSON object, each member once and none that is not known.");
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return Problems.TooLarge;
        }

        return body is null ? Problems.Malformed("The body must be a JSON object, not null.") : await answer(body);
    }

    /// <summary>An answer.</summary>
    public static IResult Of<T>(T value, int status = StatusCodes.Status200OK) =>
        Results.Json(value, (JsonTypeInfo<T>)ControlJson.Default.GetTypeInfo(typeof(T))!, statusCode: status);
}
