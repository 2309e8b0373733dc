using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Symbolon.Jose;

namespace Symbolon.Mock.Profiles;

/// <summary>Tokens as an original makes them: HS256 with the secret from its source, its own claims, and beside them <c>sid</c> and <c>ver</c>, by which the engine knows the session. Only a mock can make or take them.</summary>
/// <param name="Secret">The original's secret.</param>
/// <param name="Lifetime">How long they live; null for no <c>exp</c>: then the session alone ends them.</param>
/// <param name="Claims">The original's claims.</param>
internal sealed record ProfileTokenForm(string Secret, TimeSpan? Lifetime, Func<ProfileCall, ProfileUser, JsonObject> Claims)
{
    private const long LastSecond = 253_402_300_799; // of the year 9999: what can be an instant

    private const string Header = """{"alg":"HS256","typ":"JWT"}""";

    /// <summary>Where the token of a request stands; the authorization header after <c>Bearer</c> unless said otherwise.</summary>
    public Func<ProfileCall, string?> Read { get; init; } = call => AfterScheme(call, "Bearer");

    /// <summary>Makes one.</summary>
    public string Write(JsonObject claims, ProfileTokenBinding binding)
    {
        claims["iat"] = binding.IssuedAt;
        if (Lifetime is { } life) claims["exp"] = binding.IssuedAt + (long)life.TotalSeconds;
        (claims["sid"], claims["ver"]) = (binding.SessionId, binding.ClaimsVersion);
        var signed = $"{Encode(Header)}.{Encode(claims.ToJsonString())}";
        return $"{signed}.{Base64Url.EncodeToString(Mac(signed))}";
    }

    /// <summary>What an authentic one is bound to; null for anything else. Whether it has expired is said, not judged.</summary>
    public ProfileTokenBinding? Verify(string token)
    {
        if (token.Length > Jws.MaxLength || token.Split('.') is not [var header, var payload, var mac]) return null;
        if (!Base64Url.IsValid(mac) || !CryptographicOperations.FixedTimeEquals(Base64Url.DecodeFromChars(mac), Mac($"{header}.{payload}"))) return null;
        try
        {
            using var head = JsonDocument.Parse(Base64Url.DecodeFromChars(header));
            using var json = JsonDocument.Parse(Base64Url.DecodeFromChars(payload));
            var claims = json.RootElement;
            if (head.RootElement.GetProperty("alg").GetString() != "HS256" || claims.GetProperty("iat").GetInt64() is < 0 or > LastSecond) return null;
            return new ProfileTokenBinding(
                claims.GetProperty("sid").GetString() ?? "", claims.GetProperty("ver").GetInt32(), claims.GetProperty("iat").GetInt64())
            {
                ExpiresAt = claims.TryGetProperty("exp", out var exp) ? exp.GetInt64() : null,
            };
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            return null; // made with the same secret, which is no secret, but not by us
        }
    }

    /// <summary>The authorization header after a scheme, or null.</summary>
    public static string? AfterScheme(ProfileCall call, string scheme) =>
        call.Http.Request.Headers.Authorization.ToString().Split(' ') is [var first, var token, ..] && first == scheme ? token : null;

    /// <summary>The authorization header after its first space, or the whole of it: whatever the scheme is.</summary>
    public static string? AfterAnyScheme(ProfileCall call) => call.Http.Request.Headers.Authorization.ToString() is { Length: > 0 } header ? header[(header.IndexOf(' ') + 1)..] : null;

    private byte[] Mac(string signed) => HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.ASCII.GetBytes(signed));

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}

/// <summary>What a profile's token stands for.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="ClaimsVersion">The version of the account's claims when it was made.</param>
/// <param name="IssuedAt">When it was made, in seconds.</param>
internal sealed record ProfileTokenBinding(string SessionId, int ClaimsVersion, long IssuedAt)
{
    /// <summary>When it expires, in seconds; null for never.</summary>
    public long? ExpiresAt { get; init; }
}
