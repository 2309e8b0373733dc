using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Symbolon.Mock.Tests.Profiles;

/// <summary>
/// A sequence of calls and what is expected of each, one a line, against a real mock:
/// <c>METHOD path [{json}] [Header: value] → status [{json}]</c>. <c>$name</c> in an expected text keeps what stands there, and in a request puts it in; <c>→ 401</c> expects an empty body,
/// <c>→ 404 *</c> any. Cookies are kept, as a browser does.
/// </summary>
internal sealed partial class Script : IAsyncDisposable
{
    private readonly Dictionary<string, string> kept = new(StringComparer.Ordinal);
    private readonly HttpClient client;

    private Script(SymbolonMock mock)
    {
        Mock = mock;
        client = new HttpClient(new SocketsHttpHandler { CookieContainer = Jar, UseCookies = true }) { BaseAddress = mock.Url };
    }

    public SymbolonMock Mock { get; }

    public CookieContainer Jar { get; } = new();

    public string this[string name] => kept[name];

    public static async Task<Script> StartAsync(string? profile, bool isBugCompatible = false, Action<MockOptions>? more = null) => new(await SymbolonMockFactory.StartAsync(options =>
    {
        (options.Profile, options.IsBugCompatible, options.Latency) = (profile, isBugCompatible, TimeSpan.Zero);
        more?.Invoke(options);
    }));

    public static async Task RunAsync(string profile, bool isBugCompatible, string lines)
    {
        await using var script = await StartAsync(profile, isBugCompatible);
        await script.RunAsync(lines);
    }

    public async Task RunAsync(string lines)
    {
        foreach (var line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) await StepAsync(line);
    }

    /// <summary>Logs in at the engine's own endpoint, and keeps the access token under the user's name.</summary>
    public async Task LogInAsync(string userName, string password)
    {
        using var answer = await client.PostAsync("/auth/login", new StringContent($$"""{"username":"{{userName}}","password":"{{password}}"}""", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        kept[userName] = (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["access_token"]!;
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await Mock.DisposeAsync();
    }

    private async Task StepAsync(string line)
    {
        var step = Step().Match(line);
        Assert.True(step.Success, $"This is no step: {line}");
        using var request = new HttpRequestMessage(new HttpMethod(step.Groups["method"].Value), Filled(step.Groups["path"].Value));
        if (step.Groups["body"] is { Success: true } body)
            request.Content = body.Value[0] == '{' ? new StringContent(Filled(body.Value), Encoding.UTF8, "application/json") : new StringContent(Filled(body.Value), Encoding.UTF8, "application/x-www-form-urlencoded");
        if (step.Groups["header"] is { Success: true } header) request.Headers.TryAddWithoutValidation(header.Value, Filled(step.Groups["value"].Value));
        using var response = await client.SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.True($"{(int)response.StatusCode}" == step.Groups["status"].Value, $"{line}\n     is answered {(int)response.StatusCode} {answer}");
        if (step.Groups["expected"].Value is not "*" and var expected) Compare(line, expected, answer);
    }

    private void Compare(string line, string expected, string answer)
    {
        var wanted = expected.Length == 0 ? null : JsonNode.Parse(expected);
        var got = answer.Length == 0 ? null : JsonNode.Parse(answer);
        Keep(wanted, got);
        Assert.True(JsonNode.DeepEquals(wanted, got), $"{line}\n     is answered {answer}");
    }

    // Where a name stands in what is expected, whatever was answered is right, and kept.
    private void Keep(JsonNode? wanted, JsonNode? got)
    {
        if (wanted is JsonArray items && got is JsonArray gotItems)
        {
            for (var i = 0; i < Math.Min(items.Count, gotItems.Count); i++) Keep(items[i], gotItems[i]);
        }

        if (wanted is not JsonObject members || got is not JsonObject gotMembers) return;
        foreach (var (name, value) in members.ToList())
        {
            if (gotMembers[name] is not { } there) continue;
            if (value is JsonValue text && text.ToString() is ['$', .. var key])
            {
                kept[key] = there.ToString();
                members[name] = there.DeepClone();
            }
            else Keep(value, there);
        }
    }

    private string Filled(string text) => Name().Replace(text, match => kept[match.Groups[1].Value]);

    [GeneratedRegex(@"^(?<method>[A-Z]+) (?<path>\S+)( (?<body>\{.*?\}|[^\s:{]+=\S*))?( (?<header>[A-Za-z-]+): (?<value>.*?))? → (?<status>\d+)( (?<expected>.*))?$")]
    private static partial Regex Step();

    [GeneratedRegex(@"\$(\w+)")]
    private static partial Regex Name();
}
