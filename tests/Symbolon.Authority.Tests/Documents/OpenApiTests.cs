using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.AspNetCore;
using Symbolon.Authority.Tests.Support;

namespace Symbolon.Authority.Tests.Documents;

public sealed class OpenApiTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private readonly TestServer server = fixture.Server;

    [Fact]
    public async Task Document_ListsEveryEndpoint()
    {
        var listed = (await OperationsAsync()).Select(operation => $"{operation.Method} {operation.Path}");

        Assert.True(Mapped().Count() > 25);
        Assert.Empty(Mapped().Select(endpoint => $"{endpoint.Method} {endpoint.Path}").Except(listed));
    }

    [Fact]
    public async Task Document_NamesTheBearerScheme_WhereATokenIsNeeded()
    {
        var document = (await server.GetAsync("/openapi/v1.json")).Is(200);
        var scheme = document["components"].GetProperty("securitySchemes").GetProperty("bearer");
        Assert.Equal(("http", "bearer"), (scheme.GetProperty("type").GetString(), scheme.GetProperty("scheme").GetString()));

        var secured = (await OperationsAsync()).Where(operation => operation.Body.TryGetProperty("security", out _)).Select(operation => $"{operation.Method} {operation.Path}");

        var needed = Mapped().Where(endpoint => endpoint.Metadata.GetMetadata<SymbolonModeAttribute>() is not null).Select(endpoint => $"{endpoint.Method} {endpoint.Path}");
        Assert.Equal(needed.Order(), secured.Order());
    }

    [Fact]
    public async Task Document_DescribesProblems_WithStatusAndShape()
    {
        foreach (var (method, path, operation) in await OperationsAsync())
        {
            if (path.StartsWith("/oauth", StringComparison.Ordinal) || path == "/health/live") continue;
            var errors = operation.GetProperty("responses").EnumerateObject().Where(response => response.Name[0] is '4' or '5').ToList();
            Assert.True(errors.Count > 0, $"{method} {path}");
            Assert.All(errors, error => Assert.True(error.Value.GetProperty("content").TryGetProperty("application/problem+json", out _), $"{method} {path} {error.Name}"));
        }
    }

    private IEnumerable<(string Method, string Path, EndpointMetadataCollection Metadata)> Mapped() =>
        from endpoint in server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let path = "/" + endpoint.RoutePattern.RawText!.Trim('/')
        where new[] { "/auth/", "/admin/", "/revocations", "/oauth/", "/.well-known/", "/health/" }.Any(prefix => path.StartsWith(prefix, StringComparison.Ordinal))
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
        select (method, path, endpoint.Metadata);

    private async Task<List<(string Method, string Path, JsonElement Body)>> OperationsAsync() =>
        [.. from path in (await server.GetAsync("/openapi/v1.json")).Is(200)["paths"].EnumerateObject()
            from operation in path.Value.EnumerateObject()
            select (operation.Name.ToUpperInvariant(), path.Name, operation.Value)];
}
