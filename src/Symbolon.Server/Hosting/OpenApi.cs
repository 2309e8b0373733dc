using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Symbolon.AspNetCore;
using Symbolon.Authority.Endpoints;

namespace Symbolon.Server.Hosting;

/// <summary>The OpenAPI document, with the bearer scheme where it is needed.</summary>
internal static class OpenApi
{
    private const string Scheme = "bearer";

    public static IServiceCollection AddSymbolonOpenApi(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Symbolon";
            document.Info.Description = "The session authority for .NET. Errors are problem documents (RFC 9457) with a stable code.";
            document.Components ??= new OpenApiComponents();
            document.AddComponent<IOpenApiSecurityScheme>(Scheme, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = Scheme,
                BearerFormat = "JWT",
                Description = "The access token of a log-in or a refresh.",
            });
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<SymbolonModeAttribute>().Any())
                operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [] }];
            operation.RequestBody?.Content?.Remove(EndpointConventions.AnyMediaType); // there for routing only
            return Task.CompletedTask;
        });
    });
}
