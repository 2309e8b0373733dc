using System.Text.Json;

namespace Symbolon.Jose;

/// <summary>What reading one key gave: the key, or what is wrong with it.</summary>
/// <param name="Key">The key, checked to be usable.</param>
/// <param name="Problem">What is wrong, without key material.</param>
/// <param name="IsUnsupported">True when the key may be sound but is of a kind we do not have: a set ignores it (RFC 7517 §5).</param>
internal readonly record struct JwkReading(Jwk? Key, string? Problem, bool IsUnsupported);

/// <summary>Reads one JWK strictly.</summary>
internal static class JwkReader
{
    /// <summary>Deep enough for a set of keys with certificate chains and whatever else we ignore.</summary>
    public const int MaxDepth = 8;

    /// <summary>RFC 7518 §6.2.2, §6.3.2 and §6.4: whoever publishes one of these has lost the key.</summary>
    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "k", "oth"];

    /// <summary>Reads a key. The one place that gives an algorithm to a key that states none, and only when that is asked for.</summary>
    public static JwkReading Read(JsonElement json, bool derivesAlgorithms)
    {
        if (json.ValueKind is not JsonValueKind.Object)
            return Broken("A key must be a JSON object.");
        foreach (var name in PrivateMembers)
        {
            if (json.TryGetProperty(name, out _))
                return Broken($"The key has the private member '{name}'. Publish public keys only, and replace this one.");
        }

        var wrongType = default(string);
        var kty = Text("kty");
        var jwk = new Jwk
        {
            Kty = kty ?? string.Empty,
            Crv = Text("crv"),
            X = Text("x"),
            Y = Text("y"),
            N = Text("n"),
            E = Text("e"),
            Kid = Text("kid"),
            Alg = Text("alg"),
            Use = Text("use"),
        };
        if (kty is null && wrongType is null)
            return Broken("The key has no 'kty'.");
        if (jwk.Kty is not ("EC" or "RSA"))
            return wrongType is "kty" ? Broken("'kty' must be a string.") : Unsupported($"Keys of type '{Shown(jwk.Kty)}' are not supported.");
        if (wrongType is not null)
            return Broken($"'{wrongType}' must be a string.");
        if (jwk.Kid is "")
            return Broken("'kid' is empty.");
        if (jwk.Use is not (null or "sig"))
            return Unsupported("The key is not for signatures ('use').");
        if (json.TryGetProperty("key_ops", out var operations) && !Allows(operations, "verify"))
            return Unsupported("The key is not for verifying ('key_ops').");
        if (derivesAlgorithms && jwk.Alg is null)
            jwk = jwk with { Alg = Derived(jwk)?.Name() };
        return JwkMaterial.Check(jwk) is { } problem ? new(null, problem.Message, problem.IsUnsupported) : new(jwk, null, false);

        string? Text(string name)
        {
            if (!json.TryGetProperty(name, out var value))
                return null;
            if (value.ValueKind is JsonValueKind.String)
                return value.GetString();
            wrongType ??= name;
            return null;
        }
    }

    // The curve decides. RSA means RS256, which RFC 9068 §2.1 requires of everybody.
    private static JwsAlgorithm? Derived(Jwk jwk) => (jwk.Kty, jwk.Crv) switch
    {
        ("EC", "P-256") => JwsAlgorithm.ES256,
        ("EC", "P-384") => JwsAlgorithm.ES384,
        ("RSA", _) => JwsAlgorithm.RS256,
        _ => null,
    };

    private static bool Allows(JsonElement operations, string operation)
    {
        if (operations.ValueKind is not JsonValueKind.Array)
            return false;
        foreach (var item in operations.EnumerateArray())
        {
            if (item.ValueKind is JsonValueKind.String && item.ValueEquals(operation))
                return true;
        }

        return false;
    }

    private static string Shown(string value) => value.Length <= 20 ? value : value[..20] + "…";

    private static JwkReading Broken(string problem) => new(null, problem, false);

    private static JwkReading Unsupported(string problem) => new(null, problem, true);
}
