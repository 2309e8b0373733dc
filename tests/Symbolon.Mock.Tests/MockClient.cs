using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Symbolon.Mock.Tests;

/// <summary>A client without any cleverness: what comes back is what was answered.</summary>
internal static class MockClient
{
    /// <summary>Logs in; answers both tokens and the session.</summary>
    public static async Task<Tokens> LogInAsync(this HttpClient client, string name = "admin", string? password = null)
    {
        using var answer = await client.PostAsJsonAsync("/auth/login", new { username = name, password = password ?? name });
        answer.EnsureSuccessStatusCode();
        return Tokens.Of(await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    public static Task<HttpResponseMessage> RefreshAsync(this HttpClient client, Tokens tokens) => client.PostAsJsonAsync("/auth/refresh", new { refresh_token = tokens.Refresh });

    public static Task<HttpResponseMessage> GetAsync(this HttpClient client, string path, Tokens tokens)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.Access);
        return client.SendAsync(request);
    }

    /// <summary>A control call.</summary>
    public static async Task<JsonElement> ControlAsync(this HttpClient client, string path, string json)
    {
        using var answer = await client.PostAsync($"/__mock/{path}", new StringContent(json, Encoding.UTF8, "application/json"));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    /// <summary>The status and the problem's code, where there is one.</summary>
    public static async Task<(int Status, string? Code)> SaysAsync(this Task<HttpResponseMessage> request)
    {
        using var answer = await request;
        var code = answer.Content.Headers.ContentType?.MediaType == "application/problem+json" ? (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString() : null;
        return ((int)answer.StatusCode, code);
    }
}

/// <summary>What a log-in gave.</summary>
internal sealed record Tokens(string Access, string Refresh, string Session)
{
    public static Tokens Of(JsonElement answer) => new(
        answer.GetProperty("access_token").GetString()!, answer.GetProperty("refresh_token").GetString()!, answer.GetProperty("session_id").GetString()!);
}

/// <summary>A mock of a test's own.</summary>
public abstract class MockTest : IAsyncLifetime
{
    private protected SymbolonMock Mock { get; private set; } = null!;

    private protected HttpClient Client { get; private set; } = null!;

    /// <summary>What the test wants otherwise.</summary>
    protected virtual void Configure(MockOptions options)
    {
    }

    public async ValueTask InitializeAsync()
    {
        Mock = await SymbolonMockFactory.StartAsync(Configure, TestContext.Current.CancellationToken);
        Client = Mock.CreateClient();
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (Mock is not null) await Mock.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
