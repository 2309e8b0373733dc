using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Symbolon.AspNetCore;

/// <summary>An error as a client gets it: a problem document with a stable code.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Stable code; <c>type</c> is <c>urn:symbolon:</c> and this.</param>
/// <param name="Title">The same words for every occurrence of the code.</param>
/// <param name="Detail">What to do about it. Never a secret, never what was sent.</param>
/// <param name="Reason">Why a session ended, where one did.</param>
/// <param name="RetryAfter">When to try again.</param>
/// <param name="Challenge">Value of <c>WWW-Authenticate</c> (RFC 6750 §3), or null.</param>
/// <remarks>RFC 9457; DESIGN §7.</remarks>
public sealed record SymbolonProblem(
    int Status, string Code, string Title, string Detail, string? Reason = null, TimeSpan? RetryAfter = null, string? Challenge = null) : IResult
{
    /// <summary>The media type of problem documents.</summary>
    public const string MediaType = "application/problem+json";

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Features.Set(this); // for whoever logs what was answered
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = MediaType;
        response.Headers.CacheControl = "no-store";
        if (RetryAfter is { } wait) response.Headers.RetryAfter = $"{Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds))}";
        if (Challenge is not null) response.Headers.WWWAuthenticate = Challenge;
        if (HttpMethods.IsHead(httpContext.Request.Method)) return;
        await using (var json = new Utf8JsonWriter(response.BodyWriter)) Write(json, httpContext);
        await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }

    /// <summary>Answers a challenge of one authentication scheme among others: it adds its own to what they have said, and leaves room for those that follow.</summary>
    internal void Challenged(HttpContext http)
    {
        var response = http.Response;
        if (response.HasStarted) return;
        var others = response.Headers.WWWAuthenticate;
        var isAnswered = response.ContentType == MediaType;
        if (!isAnswered)
        {
            http.Features.Set(this);
            response.StatusCode = Status;
            response.ContentType = MediaType;
            response.Headers.CacheControl = "no-store";
            if (RetryAfter is { } wait) response.Headers.RetryAfter = $"{Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds))}";
        }

        if (Challenge is not null) response.Headers.WWWAuthenticate = StringValues.Concat(others, Challenge);
        if (isAnswered || HttpMethods.IsHead(http.Request.Method)) return;
        // Not flushed: with the first byte out, the next scheme could not add its header any more. The server sends it at the request's end.
        using var json = new Utf8JsonWriter(response.BodyWriter);
        Write(json, http);
    }

    private void Write(Utf8JsonWriter json, HttpContext http)
    {
        json.WriteStartObject();
        json.WriteString("type", $"urn:symbolon:{Code}");
        json.WriteString("title", Title);
        json.WriteNumber("status", Status);
        json.WriteString("detail", Detail);
        json.WriteString("code", Code);
        if (Reason is not null) json.WriteString("reason", Reason);
        json.WriteString("trace_id", Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier);
        json.WriteEndObject();
    }
}
