using System.Collections.ObjectModel;
using System.Text.Json;

namespace Symbolon.Access;

/// <summary>What an access token says (RFC 9068 §2.2, and ours).</summary>
public sealed record AccessTokenClaims
{
    /// <summary><c>iss</c>: who issued it.</summary>
    public required string Issuer { get; init; }

    /// <summary><c>sub</c>: the account.</summary>
    public required string Subject { get; init; }

    /// <summary><c>aud</c>: for whom; at least one. Written as a string when there is one, as an array when there are several.</summary>
    public required IReadOnlyList<string> Audience { get; init; }

    /// <summary><c>exp</c>: not accepted from this instant on. Written in whole seconds.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary><c>iat</c>: when it was issued. Written in whole seconds.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary><c>jti</c>: the token's id. Empty only when another issuer left it out and the policy allows that.</summary>
    public required string Id { get; init; }

    /// <summary><c>client_id</c>. Empty only when another issuer left it out and the policy allows that.</summary>
    public required string ClientId { get; init; }

    /// <summary><c>nbf</c>: not accepted before this instant.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary><c>sid</c>: the session, a UUID in lower case with hyphens when we issued it.</summary>
    public string? SessionId { get; init; }

    /// <summary><c>auth_time</c>: when the subject authenticated.</summary>
    public DateTimeOffset? AuthTime { get; init; }

    /// <summary><c>acr</c>: how strongly.</summary>
    public string? Acr { get; init; }

    /// <summary><c>amr</c>: by which methods (RFC 8176).</summary>
    public IReadOnlyList<string> Amr { get; init; } = [];

    /// <summary><c>roles</c>.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary><c>scope</c>: names with one space between (RFC 6749 §3.3).</summary>
    public string? Scope { get; init; }

    /// <summary><c>er</c>: the session's own era.</summary>
    public int? Era { get; init; }

    /// <summary><c>ep</c>: the session's own epoch.</summary>
    public int? Epoch { get; init; }

    /// <summary><c>cv</c>: the subject's claims version, read no later than the roles.</summary>
    public int? ClaimsVersion { get; init; }

    /// <summary><c>cnf.jkt</c>: thumbprint of the key the token is bound to (RFC 9449 §6.1).</summary>
    public string? ConfirmationThumbprint { get; init; }

    /// <summary><c>gen</c>: generation, in single-token styles.</summary>
    public int? Generation { get; init; }

    /// <summary><c>br</c>: branch, in single-token styles.</summary>
    public string? Branch { get; init; }

    /// <summary>The application's own claims. A name of <see cref="AccessTokenClaimNames"/> is not possible here.</summary>
    public IReadOnlyDictionary<string, JsonElement> Extra { get; init; } = ReadOnlyDictionary<string, JsonElement>.Empty;

    /// <summary>True when the token carries this role; names are compared exactly.</summary>
    public bool HasRole(string role) => Roles.Contains(role, StringComparer.Ordinal);

    /// <summary>True when the token carries this scope; names are compared exactly (RFC 6749 §3.3).</summary>
    public bool HasScope(string scope)
    {
        ArgumentException.ThrowIfNullOrEmpty(scope);
        var all = Scope.AsSpan();
        foreach (var range in all.Split(' '))
        {
            if (all[range].SequenceEqual(scope))
                return true;
        }

        return false;
    }

    /// <summary>The claims as UTF-8 JSON, ready to be signed. <see cref="AccessTokenIssuance"/> is the way to a token.</summary>
    public byte[] ToUtf8Json() => AccessTokenClaimsJson.Write(this);
}

/// <summary>The names of all claims that have a meaning of their own here; the application's claims need other names.</summary>
public static class AccessTokenClaimNames
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "iss", "sub", "aud", "exp", "iat", "jti", "client_id", "nbf", "sid", "auth_time",
        "acr", "amr", "roles", "scope", "er", "ep", "cv", "cnf", "gen", "br",
    };

    /// <summary>All of them.</summary>
    public static IReadOnlySet<string> All { get; } = new ReadOnlySet<string>(Names);

    /// <summary>True when <paramref name="name"/> is one of them.</summary>
    public static bool Contains(string name) => Names.Contains(name);
}
