using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Symbolon.Mock.Tests.Profiles;

/// <summary>What a client sees that looks inside a token, or that knows its secret.</summary>
internal static class Jwt
{
    public static (JsonObject Header, JsonObject Claims) Read(string token)
    {
        var parts = token.Split('.').Take(2).Select(part => JsonNode.Parse(Base64Url.DecodeFromChars(part))!.AsObject()).ToList();
        return (parts[0], parts[1]);
    }

    public static bool IsSignedWith(string token, string secret)
    {
        var dot = token.LastIndexOf('.');
        return Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.ASCII.GetBytes(token[..dot]))) == token[(dot + 1)..];
    }
}
