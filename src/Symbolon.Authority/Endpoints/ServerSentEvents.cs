using Microsoft.AspNetCore.Http;

namespace Symbolon.Authority.Endpoints;

/// <summary>What answers of server-sent events have in common (WHATWG HTML §9.2).</summary>
internal static class ServerSentEvents
{
    /// <summary>The media type.</summary>
    public const string MediaType = "text/event-stream";

    /// <summary>How long a connection may take no bytes.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Before the first event: what it is, and that proxies must not gather it. Nothing of the authority is cached anyway.</summary>
    public static void BeginEvents(this HttpResponse response)
    {
        response.ContentType = MediaType;
        response.Headers["X-Accel-Buffering"] = "no";
    }

    /// <summary>Sends what is written. False when the reader has gone or takes nothing: what its buffers hold cannot be taken back, so that it is not even told.</summary>
    public static async ValueTask<bool> FlushEventsAsync(this HttpContext http, TimeProvider time, CancellationToken ct)
    {
        var flushing = http.Response.BodyWriter.FlushAsync(CancellationToken.None);
        try
        {
            var flushed = flushing.IsCompleted ? await flushing : await flushing.AsTask().WaitAsync(Patience, time, ct);
            return !flushed.IsCompleted;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            http.Abort();
            return false;
        }
    }
}
