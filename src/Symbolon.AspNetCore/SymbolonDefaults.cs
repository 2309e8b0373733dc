namespace Symbolon.AspNetCore;

/// <summary>Fixed names of the authentication scheme.</summary>
public static class SymbolonDefaults
{
    /// <summary>The scheme's name.</summary>
    public const string AuthenticationScheme = "Symbolon";

    /// <summary>Claim type of a role in the principal.</summary>
    public const string RoleClaim = "roles";

    /// <summary>Claim type of a scope in the principal: one claim for each scope.</summary>
    public const string ScopeClaim = "scope";

    /// <summary>Claim type of the session id in the principal.</summary>
    public const string SessionClaim = "sid";
}
