using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.AspNetCore;
using Symbolon.Authority.Endpoints;
using Symbolon.Authority.InMemory;
using Symbolon.Authority.Ports;
using Symbolon.Authority.Tests.Support;

namespace Symbolon.Authority.Tests.OAuth;

/// <summary>A server with some clients, and a route that only verifiers reach.</summary>
public class ClientsFixture : ServerFixture
{
    public const string Secret = "s3cret: ü+&";

    internal override IEnumerable<(string Key, string Value)> Settings =>
    [
        .. Client(0, "backend", "read", "write", "revocations"), ("Symbolon:Clients:0:Audiences:0", "api"), ("Symbolon:Clients:0:Audiences:1", "files"),
        .. Client(1, "gateway", "revocations"), .. Client(2, "worker"), .. Client(3, "reader", "read"),
    ];

    internal override void Map(WebApplication app)
    {
        app.MapGet("/test/verifier", (HttpContext http) => Results.Json(Verifier.Of(http))).RequireVerifier();
        app.MapGet("/test/api", (HttpContext http) => http.User.FindFirst("client_id")!.Value).RequireSymbolon();
        app.MapGet("/test/live", (HttpContext http) => http.User.FindFirst("client_id")!.Value).RequireSymbolon(SymbolonMode.Live);
    }

    internal static IEnumerable<(string Key, string Value)> Client(int i, string id, params string[] scopes) =>
    [
        ($"Symbolon:Clients:{i}:Id", id), ($"Symbolon:Clients:{i}:SecretHash", Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Secret)))),
        .. scopes.Select((scope, s) => ($"Symbolon:Clients:{i}:Scopes:{s}", scope)),
    ];
}

/// <summary>What clients do at the OAuth endpoints.</summary>
internal static class OAuthClients
{
    public static Task<Answer> OwnTokenAsync(this TestServer server, string client, string? scope = null) => server.OAuthAsync(
        "/oauth/token", client, [("grant_type", "client_credentials"), .. scope is null ? [] : new[] { ("scope", scope) }]);

    /// <summary>Posts a form with the client's secret in the header.</summary>
    public static Task<Answer> OAuthAsync(this TestServer server, string path, string client, params (string Name, string Value)[] form) => server.PostAsync(
        path, new FormUrlEncodedContent(form.Select(pair => KeyValuePair.Create(pair.Name, pair.Value))), null,
        ("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{client}:{Uri.EscapeDataString(ClientsFixture.Secret)}"))));

    /// <summary>Lets another server work on the same store in memory.</summary>
    public static void ShareStoreOf(this IServiceCollection services, TestServer server) => services.AddSingleton(server.Get<InMemoryState>());

    /// <summary>Waits until the server's own view of what is revoked has everything.</summary>
    public static async Task SeenAsync(this TestServer server)
    {
        var newest = (await server.Get<IRevocationLog>().ReadAsync(null, 1, default))!.Newest;
        await Patiently.TrueAsync(() => server.Get<InProcessRevocationFeed>().View.Seq >= newest, $"entry {newest} is seen");
    }

    public static JsonElement Claims(this string token) => JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[1])).RootElement;

    public static Answer IsOAuthError(this Answer answer, int status, string error, string code)
    {
        Assert.True(answer.Status == status && answer.String("error") == error && answer.Code == code, $"Expected {status} {error} {code}, got {answer.Status}: {answer.Text}");
        Assert.Equal("application/json", answer.MediaType);
        Assert.NotEmpty(answer.String("error_description")!);
        Assert.Equal("no-store", answer.Header("Cache-Control"));
        return answer;
    }
}
