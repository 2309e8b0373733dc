using System.Text.Json;
using Symbolon.AspNetCore;
using Symbolon.Gateway.Rules;

namespace Symbolon.Gateway.Hosting;

/// <summary>Whether the process lives, and whether it can judge tokens.</summary>
/// <remarks>
/// Ready means: there are keys. Rules that were refused and a view that is too old do not take the gateway out of service, since it goes on by what it was told to do then; both are said in the answer.
/// </remarks>
internal sealed class Health(TokenCheckSources sources, RulesFile rules, GatewayOptions options)
{
    public const string Live = "/health/live";
    public const string Ready = "/health/ready";

    /// <summary>The process answers.</summary>
    public static Task AnswerLiveAsync(HttpContext http) => WriteAsync(http, 200, json => json.WriteString("status", "live"));

    /// <summary>There are keys.</summary>
    public Task AnswerReadyAsync(HttpContext http)
    {
        var keys = sources.Keys.Current?.Count ?? 0;
        var isStale = sources.Feed is { } feed && feed.Age > options.MaxStaleness;
        var status = keys == 0 ? "unavailable" : isStale || rules.Problem is not null ? "degraded" : "ready";
        return WriteAsync(http, keys == 0 ? 503 : 200, json =>
        {
            json.WriteString("status", status);
            json.WriteNumber("keys", keys);
            json.WriteNumber("rules", rules.Rules.Count);
            if (rules.Problem is { } problem) json.WriteString("rules_problem", problem);
            json.WriteString("view", sources.Feed is null ? "none" : isStale ? "stale" : "current");
            json.WriteString("says", SourcesHealth.Of(sources, options.Demand).Says);
        });
    }

    private static async Task WriteAsync(HttpContext http, int status, Action<Utf8JsonWriter> write)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-store";
        if (HttpMethods.IsHead(http.Request.Method)) return;
        await using (var json = new Utf8JsonWriter(http.Response.BodyWriter))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }
}
