using System.Globalization;
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
        var identity = new ClaimsIdentity(claims: null, scheme, nameType: "sub", SymbolonDefaults.RoleClaim);
        Add(identity, "sub", token.Subject);
        Add(identity, ClaimTypes.NameIdentifier, token.Subject); // where UserManager.GetUserId looks
        Add(identity, "client_id", token.ClientId);
        Add(identity, "jti", token.Id);
        if (token.SessionId is { } sid) Add(identity, SymbolonDefaults.SessionClaim, sid);
        if (token.Acr is { } acr) Add(identity, "acr", acr);
        if (token.AuthTime is { } at) Add(identity, "auth_time", at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), ClaimValueTypes.Integer64);
        for (var i = 0; i < token.Roles.Count; i++) Add(identity, SymbolonDefaults.RoleClaim, token.Roles[i]);
        if (token.Scope is { Length: > 0 } scopes) AddScopes(identity, scopes);
        if (token.Extra.Count > 0) AddExtra(identity, token);
        return new ClaimsPrincipal(identity);
    }

    // A claim that names its identity from the start is taken as it is; any other is copied by the identity.
    private static void Add(ClaimsIdentity identity, string type, string value, string valueType = ClaimValueTypes.String) =>
        identity.AddClaim(new Claim(type, value, valueType, ClaimsIdentity.DefaultIssuer, ClaimsIdentity.DefaultIssuer, identity));

    private static void AddScopes(ClaimsIdentity identity, string scopes)
    {
        foreach (var range in scopes.AsSpan().Split(' '))
        {
            var scope = scopes[range];
            if (scope.Length > 0) Add(identity, SymbolonDefaults.ScopeClaim, scope);
        }
    }

    private static void AddExtra(ClaimsIdentity identity, AccessTokenClaims token)
    {
        foreach (var (name, value) in token.Extra) Add(identity, name, value.ToString(), value.ValueKind.ToString());
    }
}
