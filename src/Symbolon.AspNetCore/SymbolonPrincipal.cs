using System.Security.Claims;
using Symbolon.Access;

namespace Symbolon.AspNetCore;

/// <summary>The principal of an access token: each thing where ASP.NET Core looks for it.</summary>
public static class SymbolonPrincipal
{
    /// <summary>Whether the principal has a scope.</summary>
    public static bool HasScope(this ClaimsPrincipal user, string scope) => user.HasClaim(SymbolonDefaults.ScopeClaim, scope);

    /// <summary>The session's id (<c>sid</c>), or null.</summary>
    public static string? SessionId(this ClaimsPrincipal user) => user.FindFirstValue(SymbolonDefaults.SessionClaim);

    /// <summary>The subject (<c>sub</c>), or null.</summary>
    public static string? Subject(this ClaimsPrincipal user) => user.FindFirstValue("sub");

    internal static ClaimsPrincipal Of(AccessTokenClaims token, string scheme)
    {
        var claims = new List<Claim>(8 + token.Roles.Count)
        {
            new("sub", token.Subject),
            new(ClaimTypes.NameIdentifier, token.Subject), // where UserManager.GetUserId looks
            new("client_id", token.ClientId),
            new("jti", token.Id),
        };
        if (token.SessionId is { } sid) claims.Add(new Claim(SymbolonDefaults.SessionClaim, sid));
        if (token.Acr is { } acr) claims.Add(new Claim("acr", acr));
        if (token.AuthTime is { } at) claims.Add(new Claim("auth_time", $"{at.ToUnixTimeSeconds()}", ClaimValueTypes.Integer64));
        claims.AddRange(token.Roles.Select(role => new Claim(SymbolonDefaults.RoleClaim, role)));
        claims.AddRange((token.Scope ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(scope => new Claim(SymbolonDefaults.ScopeClaim, scope)));
        claims.AddRange(token.Extra.Select(extra => new Claim(extra.Key, extra.Value.ToString(), extra.Value.ValueKind.ToString())));
        return new ClaimsPrincipal(new ClaimsIdentity(claims, scheme, nameType: "sub", SymbolonDefaults.RoleClaim));
    }
}
