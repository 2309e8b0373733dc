using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Symbolon.Client.Authority;
using Symbolon.Client.Telemetry;

namespace Symbolon.Client.Sessions;

/// <summary>What all sessions of a client share.</summary>
internal sealed record ClientParts(SymbolonClientOptions Options, ITokenStore Store, AuthorityHttp Authority, TimeProvider Time, ILogger Log, ClientMetrics Metrics)
{
    /// <summary>128 random bits: docs/attempt-id.md.</summary>
    public static string NewAttempt() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    /// <summary>What is stored of an answer.</summary>
    public static StoredToken Stored(TokenResponse tokens, long version, TimeProvider time) => new()
    {
        Version = version, TokenVersion = version, SessionId = tokens.SessionId!, Generation = tokens.Generation!.Value,
        AccessToken = tokens.AccessToken!, RefreshToken = tokens.RefreshToken!, ReceivedAt = time.GetUtcNow(), Lifetime = tokens.Lifetime,
    };
}
