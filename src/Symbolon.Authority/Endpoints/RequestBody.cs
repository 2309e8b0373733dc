using System.Buffers;
using System.IO.Pipelines;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Symbolon.AspNetCore;

namespace Symbolon.Authority.Endpoints;

/// <summary>A JSON body: bounded before it is parsed, strict about types and duplicates, checked. What is wrong with it is a problem document, rendered by <see cref="ProblemFilter"/>.</summary>
/// <typeparam name="T">The members.</typeparam>
internal sealed class RequestBody<T> : RequestBody, IBindableFromHttpContext<RequestBody<T>>, IEndpointParameterMetadataProvider where T : Request, new()
{
    private const long MaxSize = 1024 * 1024;
    private const string Json = "application/json";

    private RequestBody(T value, SymbolonProblem? problem) : base(problem) => Value = value;

    /// <summary>The members; all absent when there was no body.</summary>
    public T Value { get; }

    public static async ValueTask<RequestBody<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false }) return Checked(new T());
        if (!context.Request.HasJsonContentType()) return Wrong(Problems.MediaType(Json));
        if (context.Request.ContentLength > MaxSize) return Wrong(Problems.TooLarge);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = MaxSize;
        try
        {
            var type = (JsonTypeInfo<T>)AuthorityJson.Default.GetTypeInfo(typeof(T))!;
            return JsonSerializer.Deserialize(await ReadAsync(context.Request.BodyReader, context.RequestAborted), type) is { } value
                ? Checked(value)
                : Wrong(Problems.Malformed("The body must be a JSON object, not null."));
        }
        catch (JsonException e)
        {
            return Wrong(Problems.Malformed(Describe(e)));
        }
        catch (InvalidOperationException)
        {
            return Wrong(Problems.Malformed("The body holds text that is not valid Unicode."));
        }
        catch (BadHttpRequestException e)
        {
            return Wrong(e.StatusCode == StatusCodes.Status413PayloadTooLarge ? Problems.TooLarge : Problems.Malformed("The body was cut off."));
        }
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(EndpointConventions.Accepts(Json, typeof(T), new T().IsOptional));

    // Not DeserializeAsync: a server that begins to shut down cancels the read that waits, and that would be an error. The body still comes: read on.
    private static async ValueTask<byte[]> ReadAsync(PipeReader body, CancellationToken ct)
    {
        while (true)
        {
            var read = await body.ReadAsync(ct);
            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                body.AdvanceTo(read.Buffer.End);
                return bytes;
            }

            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static RequestBody<T> Checked(T value) => new(value, value.Check() is { } wrong ? Problems.Malformed(wrong) : null);

    private static RequestBody<T> Wrong(SymbolonProblem problem) => new(new T(), problem);

    // The path names members only; what was sent is never repeated.
    private static string Describe(JsonException e) => e.Path is { Length: > 1 and <= 100 } path
        ? $"The member {path} is of the wrong type, stands twice, or is not valid JSON."
        : "The body is not valid JSON: an object with each member once.";
}

/// <summary>A body that may have a problem.</summary>
internal abstract class RequestBody(SymbolonProblem? problem)
{
    /// <summary>What is wrong with it, or null.</summary>
    public SymbolonProblem? Problem { get; } = problem;
}
