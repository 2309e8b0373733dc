using System.Collections.ObjectModel;
using System.Text.Json;
using Symbolon.Jose;

namespace Symbolon.Access;

/// <summary>Reads authentic claims strictly: required ones present and not empty, every known one of its type, none twice.</summary>
/// <remarks>A mutable accumulator for one read; <see cref="TryRead"/> is the way in.</remarks>
internal struct AccessTokenClaimsReader
{
    private const int MaxDepth = 32;
    private string? _iss, _sub, _jti, _clientId, _sid, _acr, _scope, _jkt, _br;
    private IReadOnlyList<string>? _aud, _amr, _roles;
    private DateTimeOffset? _exp, _iat, _nbf, _authTime;
    private int? _er, _ep, _cv, _gen;
    private bool _hasExtra;

    /// <summary>Reads; false when the claims cannot be believed although the signature is right.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> json, AccessTokenPolicy policy, out AccessTokenClaims? claims)
    {
        claims = null;
        using var document = StrictJson.ParseObject(json, MaxDepth);
        if (document is null)
            return false;
        var reader = default(AccessTokenClaimsReader);
        foreach (var member in document.RootElement.EnumerateObject())
        {
            if (!reader.Take(member.Name, member.Value))
                return false;
        }

        foreach (var name in policy.RequiredClaims)
        {
            if (!reader.Has(name, document.RootElement))
                return false;
        }

        claims = reader.Build(document.RootElement);
        return claims is not null;
    }

    /// <summary>True when a verifier can parse these claims at all.</summary>
    public static bool IsReadable(ReadOnlyMemory<byte> json)
    {
        using var document = StrictJson.ParseObject(json, MaxDepth);
        return document is not null;
    }

    private bool Take(string name, JsonElement value) => name switch
    {
        "iss" => ClaimValue.Text(value, out _iss),
        "sub" => ClaimValue.Text(value, out _sub),
        "aud" => ClaimValue.TextOrTexts(value, out _aud),
        "exp" => ClaimValue.Instant(value, out _exp),
        "iat" => ClaimValue.Instant(value, out _iat),
        "jti" => ClaimValue.Text(value, out _jti),
        "client_id" => ClaimValue.Text(value, out _clientId),
        "nbf" => ClaimValue.Instant(value, out _nbf),
        "sid" => ClaimValue.Text(value, out _sid),
        "auth_time" => ClaimValue.Instant(value, out _authTime),
        "acr" => ClaimValue.Text(value, out _acr),
        "amr" => ClaimValue.Texts(value, out _amr),
        "roles" => ClaimValue.Texts(value, out _roles),
        "scope" => ClaimValue.Text(value, out _scope),
        "er" => ClaimValue.Number(value, out _er),
        "ep" => ClaimValue.Number(value, out _ep),
        "cv" => ClaimValue.Number(value, out _cv),
        "cnf" => ClaimValue.Thumbprint(value, out _jkt),
        "gen" => ClaimValue.Number(value, out _gen),
        "br" => ClaimValue.Text(value, out _br),
        _ => _hasExtra = true, // copied only when everything else is right
    };

    /// <summary>There, and not empty. (<c>aud</c> and <c>cnf</c> are never taken when empty.)</summary>
    private readonly bool Has(string name, JsonElement claims) => name switch
    {
        "iss" => !string.IsNullOrEmpty(_iss),
        "sub" => !string.IsNullOrEmpty(_sub),
        "aud" => _aud is not null,
        "exp" => _exp is not null,
        "iat" => _iat is not null,
        "jti" => !string.IsNullOrEmpty(_jti),
        "client_id" => !string.IsNullOrEmpty(_clientId),
        "nbf" => _nbf is not null,
        "sid" => !string.IsNullOrEmpty(_sid),
        "auth_time" => _authTime is not null,
        "acr" => !string.IsNullOrEmpty(_acr),
        "amr" => _amr is { Count: > 0 },
        "roles" => _roles is { Count: > 0 },
        "scope" => !string.IsNullOrEmpty(_scope),
        "er" => _er is not null,
        "ep" => _ep is not null,
        "cv" => _cv is not null,
        "cnf" => _jkt is not null,
        "gen" => _gen is not null,
        "br" => !string.IsNullOrEmpty(_br),
        _ => claims.TryGetProperty(name, out var value) && !IsEmpty(value),
    };

    private readonly AccessTokenClaims? Build(JsonElement claims) =>
        string.IsNullOrEmpty(_iss) || string.IsNullOrEmpty(_sub) || _aud is null || _exp is not { } exp || _iat is not { } iat
            ? null
            : new AccessTokenClaims
            {
                Issuer = _iss,
                Subject = _sub,
                Audience = _aud,
                ExpiresAt = exp,
                IssuedAt = iat,
                Id = _jti ?? string.Empty,
                ClientId = _clientId ?? string.Empty,
                NotBefore = _nbf,
                SessionId = _sid,
                AuthTime = _authTime,
                Acr = _acr,
                Amr = _amr ?? [],
                Roles = _roles ?? [],
                Scope = _scope,
                Era = _er,
                Epoch = _ep,
                ClaimsVersion = _cv,
                ConfirmationThumbprint = _jkt,
                Generation = _gen,
                Branch = _br,
                Extra = _hasExtra ? Extras(claims.Clone()) : ReadOnlyDictionary<string, JsonElement>.Empty,
            };

    // The elements share one copy of the claims, which outlives the buffer they were read from.
    private static ReadOnlyDictionary<string, JsonElement> Extras(JsonElement claims)
    {
        var extras = new Dictionary<string, JsonElement>(claims.GetPropertyCount(), StringComparer.Ordinal);
        foreach (var member in claims.EnumerateObject())
        {
            if (!AccessTokenClaimNames.Contains(member.Name))
                extras.Add(member.Name, member.Value);
        }

        return extras.AsReadOnly();
    }

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.String => value.ValueEquals(""u8),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        _ => false,
    };
}
