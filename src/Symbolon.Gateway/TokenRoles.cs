using System.Text.Json;
using Symbolon.Access;

namespace Symbolon.Gateway;

/// <summary>Finds the roles in a token: where we put them, or where another issuer does.</summary>
internal static class TokenRoles
{
    /// <summary>Where our tokens have them.</summary>
    public const string Own = "roles";

    /// <summary>Reads them. Pure.</summary>
    /// <param name="claims">What the token says.</param>
    /// <param name="claim">A claim's name, or a way down into one along the dots, such as <c>realm_access.roles</c>; a claim of exactly this name goes first.</param>
    /// <returns>The roles; none where the claim is missing or is neither a string nor a list of strings.</returns>
    public static IReadOnlyList<string> Of(AccessTokenClaims claims, string claim)
    {
        if (claim == Own) return claims.Roles;
        if (claims.Extra.TryGetValue(claim, out var value)) return Names(value);
        var steps = claim.Split('.');
        if (!claims.Extra.TryGetValue(steps[0], out value)) return [];
        foreach (var step in steps.AsSpan(1))
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(step, out value)) return [];
        }

        return Names(value);
    }

    private static IReadOnlyList<string> Names(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array when value.EnumerateArray().All(one => one.ValueKind == JsonValueKind.String) => [.. value.EnumerateArray().Select(one => one.GetString()!)],
        _ => [],
    };
}
