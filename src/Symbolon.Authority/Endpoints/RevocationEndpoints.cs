using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Symbolon.AspNetCore;
using Symbolon.Authority.Ports;
using Symbolon.Revocation;

namespace Symbolon.Authority.Endpoints;

/// <summary>The feed of the revocation log, for verifiers in other processes.</summary>
internal static class RevocationEndpoints
{
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(5);

    public static void Map(IEndpointRouteBuilder feed)
    {
        feed.MapGet("", Read).WithSummary("The revocation log: a snapshot, or the entries above since. At most 10,000; go on with since=seq while seq is below newest.")
            .Produces<RevocationPageResponse>().Problems(400, 401, 403, 410, 503);
        feed.MapGet("/stream", Stream).WithSummary("The revocation log as server-sent events, from Last-Event-ID on. With timeline: 410 when the log's is another.")
            .Produces(StatusCodes.Status200OK, contentType: ServerSentEvents.MediaType).Problems(400, 401, 403, 410, 503);
        feed.MapPost("/ack", Acknowledge).WithSummary("Says how far a verifier has read, and answers how far the log goes.")
            .Produces<AcknowledgedResponse>().Problems(400, 401, 403, 413, 415, 503);
    }

    private static async Task<IResult> Read(HttpContext http, IRevocationLog log)
    {
        if (!TryReadNumber(http.Request.Query["since"], out var since)) return Problems.Malformed("since must be a number of the log: 0 or more.");
        return await log.ReadAsync(since, RevocationJson.MaxEntries, http.RequestAborted) is { } page ? new RevocationPageResult(page) : Problems.RevocationsCompacted;
    }

    private static async Task<IResult> Stream(HttpContext http, IRevocationLog log, RevocationStream stream, IHostApplicationLifetime lifetime, TimeProvider time)
    {
        if (!TryReadNumber(http.Request.Headers["Last-Event-ID"], out var last)) return Problems.Malformed("Last-Event-ID must be a number of the log: 0 or more.");
        if (await log.ReadAsync(last, take: 0, http.RequestAborted) is not { } head) return Problems.RevocationsCompacted;
        if (http.Request.Query["timeline"] is { Count: > 0 } timeline && timeline != head.Timeline) return Problems.RevocationsCompacted;

        // Whoever may not follow any more, because the configuration says so, must not follow for ever: with its token the stream ends.
        var (client, rest) = (Verifier.Of(http).ClientId, Verifier.Of(http).ExpiresAt - time.GetUtcNow());
        if (rest <= TimeSpan.Zero || !stream.TryOpen(client)) return Problems.Unavailable with { RetryAfter = TryAgainAfter };
        try
        {
            using var expired = new CancellationTokenSource(rest, time);
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping, expired.Token);
            http.Response.BeginEvents();
            await stream.RunAsync(http, head.Timeline, last ?? head.Newest, ending.Token);
            return Results.Empty;
        }
        finally
        {
            stream.Close(client);
        }
    }

    // Noted before the primary is read: whoever counts after a commit finds every word that may have been answered before it.
    // A number that this server has not seen counts once the primary has it; one beyond the newest never does, and the answer tells the verifier so.
    private static async Task<IResult> Acknowledge(
        RequestBody<AcknowledgeRequest> body, HttpContext http, IRevocationLog log, Acknowledgements known, RevocationBroadcast broadcast, OtherServers servers, TimeProvider time)
    {
        var ack = body.Value;
        var who = new VerifierInstance(Verifier.Of(http).ClientId, ack.Verifier!, ack.Instance!);
        var what = ack.At(time.GetTimestamp());
        var isSeen = broadcast.Pulse is var pulse && pulse.Timeline == what.Timeline && what.Seq <= pulse.Newest;
        var taken = isSeen ? what : what with { Seq = -1 };
        if (ack.Leaving) known.Leave(who);
        else if (!known.TryTake(who, taken)) return Problems.Unavailable with { RetryAfter = TryAgainAfter };
        else await servers.PromiseAsync(what.Promise, http.RequestAborted);
        var head = (await log.ReadAsync(since: null, take: 0, http.RequestAborted))!;
        if (taken.Seq != what.Seq && what.Timeline == head.Timeline && what.Seq <= head.Newest) known.Replace(who, taken, what);
        return Json.Of(new AcknowledgedResponse(head.Timeline, head.Newest));
    }

    private static bool TryReadNumber(Microsoft.Extensions.Primitives.StringValues text, out long? number)
    {
        number = null;
        if (text.Count == 0) return true;
        var isNumber = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value);
        number = value;
        return isNumber;
    }
}

/// <summary>A page of the log, written as it is read.</summary>
internal sealed class RevocationPageResult(RevocationPage page) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "application/json; charset=utf-8";
        await using (var json = new Utf8JsonWriter(response.BodyWriter)) RevocationJson.Write(json, page);
        await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }
}
