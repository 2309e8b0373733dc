using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using Symbolon.AspNetCore;

namespace Symbolon.Authority.Endpoints;

/// <summary>Which origins may call from a browser: the listed ones, with credentials. Nothing is reflected, and there is no wildcard.</summary>
internal sealed class CorsPolicy(IOptions<AuthorityOptions> options) : IConfigureOptions<Microsoft.AspNetCore.Cors.Infrastructure.CorsOptions>
{
    /// <summary>The policy's name.</summary>
    public const string Name = "Symbolon";

    public void Configure(Microsoft.AspNetCore.Cors.Infrastructure.CorsOptions cors) => cors.AddPolicy(Name, policy => policy
        .WithOrigins([.. options.Value.Cors.Origins])
        .AllowCredentials()
        .WithMethods("GET", "POST", "PATCH", "DELETE")
        .WithHeaders("Authorization", "Content-Type", AttemptId.Header, CrossSiteRule.Header)
        .WithExposedHeaders("WWW-Authenticate", "Retry-After")
        .SetPreflightMaxAge(TimeSpan.FromMinutes(10)));
}
