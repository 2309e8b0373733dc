using System.Buffers;
using System.Text.Json;
using Symbolon.Jose;

namespace Symbolon.Access;

/// <summary>Writes claims as JSON. <see cref="AccessTokenClaimsReader"/> reads them.</summary>
internal static class AccessTokenClaimsJson
{
    public static byte[] Write(AccessTokenClaims claims)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, StrictJson.Writing))
        {
            writer.WriteStartObject();
            WriteRequired(writer, claims);
            WriteOptional(writer, claims);
            foreach (var (name, value) in claims.Extra)
            {
                if (AccessTokenClaimNames.Contains(name))
                    throw new InvalidOperationException($"'{name}' is a registered claim and cannot be among the application's own.");
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteRequired(Utf8JsonWriter writer, AccessTokenClaims claims)
    {
        writer.WriteString("iss"u8, claims.Issuer);
        writer.WriteString("sub"u8, claims.Subject);
        if (claims.Audience is [var only])
            writer.WriteString("aud"u8, only);
        else
            Texts(writer, "aud", claims.Audience);
        writer.WriteNumber("exp"u8, claims.ExpiresAt.ToUnixTimeSeconds());
        writer.WriteNumber("iat"u8, claims.IssuedAt.ToUnixTimeSeconds());
        Text(writer, "jti", claims.Id);
        Text(writer, "client_id", claims.ClientId);
    }

    private static void WriteOptional(Utf8JsonWriter writer, AccessTokenClaims claims)
    {
        Number(writer, "nbf", claims.NotBefore?.ToUnixTimeSeconds());
        Text(writer, "sid", claims.SessionId);
        Number(writer, "auth_time", claims.AuthTime?.ToUnixTimeSeconds());
        Text(writer, "acr", claims.Acr);
        Texts(writer, "amr", claims.Amr);
        Texts(writer, "roles", claims.Roles);
        Text(writer, "scope", claims.Scope);
        Number(writer, "er", claims.Era);
        Number(writer, "ep", claims.Epoch);
        Number(writer, "cv", claims.ClaimsVersion);
        if (claims.ConfirmationThumbprint is { } thumbprint)
        {
            writer.WriteStartObject("cnf"u8);
            writer.WriteString("jkt"u8, thumbprint);
            writer.WriteEndObject();
        }

        Number(writer, "gen", claims.Generation);
        Text(writer, "br", claims.Branch);
    }

    private static void Text(Utf8JsonWriter writer, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            writer.WriteString(name, value);
    }

    private static void Number(Utf8JsonWriter writer, string name, long? value)
    {
        if (value is { } number)
            writer.WriteNumber(name, number);
    }

    private static void Texts(Utf8JsonWriter writer, string name, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
            return;
        writer.WriteStartArray(name);
        foreach (var value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
    }
}
