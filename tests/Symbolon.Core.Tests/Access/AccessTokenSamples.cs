using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Symbolon.Jose;

namespace Symbolon.Access;

/// <summary>A good token and ways to spoil it.</summary>
internal static class AccessTokenSamples
{
    public const string Header = """{"alg":"ES256","kid":"es256","typ":"at+jwt"}""";
    public const string Thumbprint = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";

    public static readonly DateTimeOffset T0 = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly AccessTokenPolicy Policy = new() { Issuer = "https://id.example", Audiences = ["api", "other"] };

    public static AccessTokenPolicy AnyAlgorithm => Policy with { Algorithms = Enum.GetValues<JwsAlgorithm>() };

    public static SigningKey Key => TestKeys.For(JwsAlgorithm.ES256);

    public static AccessTokenClaims Claims => new()
    {
        Issuer = "https://id.example",
        Subject = "0195",
        Audience = ["api"],
        ExpiresAt = T0.AddMinutes(10),
        IssuedAt = T0,
        Id = "0d5f",
        ClientId = "web",
    };

    public static AccessTokenClaims FullClaims => Claims with
    {
        Audience = ["api", "billing"],
        NotBefore = T0,
        SessionId = "01957a00-0000-7000-8000-000000000001",
        AuthTime = T0.AddHours(-1),
        Acr = "1",
        Amr = ["pwd", "otp"],
        Roles = ["admin", "naïve \"quoted\" 🗝"],
        Scope = "read write",
        Era = 1,
        Epoch = 2,
        ClaimsVersion = 3,
        ConfirmationThumbprint = Thumbprint,
        Generation = 4,
        Branch = "AAECAwQFBgc",
        Extra = new Dictionary<string, JsonElement> { ["tenant"] = JsonElement.Parse("""{"id":7,"tags":["a",null,true,1.5]}""") },
    };

    /// <summary>A properly signed token whose claims were changed: <c>name</c> to the JSON in <c>value</c>, or taken out when that is null.</summary>
    public static string With(string name, string? value) => TestKeys.Forge(Key, Header, ClaimsWith(name, value));

    public static string ClaimsWith(string name, string? value)
    {
        var node = JsonNode.Parse(Claims.ToUtf8Json())!.AsObject();
        node.Remove(name);
        var json = node.ToJsonString();
        return value is null ? json : $"{json[..^1]},\"{name}\":{value}}}";
    }

    public static string Seconds(DateTimeOffset instant) => instant.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    public static string WithHeader(string header) => TestKeys.Forge(Key, header, ClaimsWith("", null));

    public static AccessTokenResult Authenticate(string token) => AccessTokenVerification.Authenticate(token, TestKeys.All, Policy);
}
