using System.Net.Http.Headers;
using System.Text.Json;

namespace Symbolon.Authority.Tests.Support;

/// <summary>What the server answered, read whole.</summary>
internal sealed record Answer(int Status, string? MediaType, string Text, HttpResponseHeaders Headers)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public JsonElement this[string member] => Json.GetProperty(member);

    public string AccessToken => String("access_token")!;

    public string RefreshToken => String("refresh_token")!;

    public string SessionId => String("session_id")!;

    public string? Code => String("code");

    public string? Reason => String("reason");

    public IEnumerable<string> Members => Json.EnumerateObject().Select(member => member.Name);

    /// <summary>The cookie that was set, whole; null when none was.</summary>
    public string? SetCookie => Header("Set-Cookie");

    /// <summary>What a browser would send back of the cookie: name=value.</summary>
    public string Cookie => SetCookie!.Split(';')[0];

    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    public string? String(string member) =>
        Text.StartsWith('{') && Json.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static async Task<Answer> ReadAsync(HttpResponseMessage response) => new(
        (int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync(), response.Headers);

    /// <summary>Asserts the status; the text tells what came instead.</summary>
    public Answer Is(int status)
    {
        Assert.True(Status == status, $"Expected {status}, got {Status}: {Text}");
        return this;
    }

    /// <summary>Asserts a problem document as RFC 9457 and DESIGN §7 have it.</summary>
    public Answer IsProblem(int status, string code, string? reason = null)
    {
        Assert.True(Status == status && Code == code, $"Expected {status} {code}, got {Status}: {Text}");
        Assert.Equal("application/problem+json", MediaType);
        Assert.Equal(reason, Reason);
        Assert.Equal($"urn:symbolon:{code}", String("type"));
        Assert.Equal(status, this["status"].GetInt32());
        string[] members = ["type", "title", "status", "detail", "code", .. reason is null ? [] : new[] { "reason" }, "trace_id"];
        Assert.Equal(members, Members);
        Assert.All(["title", "detail", "trace_id"], member => Assert.NotEmpty(String(member)!));
        if (status == 401 && (code.StartsWith("token_", StringComparison.Ordinal) || code is "claims_stale" or "proof_required"))
            Assert.StartsWith("Bearer", Header("WWW-Authenticate"), StringComparison.Ordinal);
        if (code is "ask_again" or "too_many_attempts" or "unavailable") Assert.Matches("^[1-9][0-9]*$", Header("Retry-After"));
        return this;
    }
}
