using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Symbolon.Client.Authority;
using Symbolon.Client.Stores;
using Symbolon.Client.Telemetry;

namespace Symbolon.Client.Sessions;

/// <summary>What all sessions of a client share.</summary>
internal sealed record ClientParts(SymbolonClientOptions Options, TypedStore Store, AuthorityHttp Authority, TimeProvider Time, ILogger Log, ClientMetrics Metrics)
{
    /// <summary>128 random bits: docs/attempt-id.md.</summary>
    public static string NewAttempt() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    /// <summary>What is stored of an answer.</summary>
    public StoredToken Stored(TokenResponse tokens, long version) => new()
    {
        Version = version, TokenVersion = version, Authority = Options.AuthoritysAddress, SessionId = tokens.SessionId!, Generation = tokens.Generation!.Value,
        AccessToken = tokens.AccessToken!, RefreshToken = tokens.RefreshToken!, ReceivedAt = Time.GetUtcNow(), Lifetime = tokens.Lifetime,
    };

    /// <summary>Whether the configured authority issued it. To another one, as after a changed setting, it is never shown.</summary>
    public bool IsOurs(StoredToken stored) => stored.Authority == Options.AuthoritysAddress;
}
