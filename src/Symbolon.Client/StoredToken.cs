using System.Text.Json;
using System.Text.Json.Serialization;
using Symbolon.Client.Authority;

namespace Symbolon.Client;

/// <summary>What a store keeps for one session key: the tokens of a session, or that it is over.</summary>
public sealed record StoredToken
{
    /// <summary>Grows with each write; what <see cref="ITokenStore.TrySaveAsync"/> compares. Begins with the instant of the log-in, so that it also grows from one session to the next.</summary>
    public required long Version { get; init; }

    /// <summary>The version with which this access token was stored.</summary>
    public required long TokenVersion { get; init; }

    /// <summary>Address of the authority that issued the tokens. They are shown to no other: where another one is configured, nobody counts as signed in.</summary>
    public string Authority { get; init; } = "";

    /// <summary>The session's id.</summary>
    public required string SessionId { get; init; }

    /// <summary>Generation of the refresh token. Within a session it only grows.</summary>
    public int Generation { get; init; }

    /// <summary>The access token; empty when the session is over.</summary>
    public string AccessToken { get; init; } = "";

    /// <summary>The refresh token; empty when the session is over.</summary>
    public string RefreshToken { get; init; } = "";

    /// <summary>When they were received, by this machine's wall clock: only for whoever loads them in another run.</summary>
    public DateTimeOffset ReceivedAt { get; init; }

    /// <summary>How long the access token lives from then on.</summary>
    public TimeSpan Lifetime { get; init; }

    /// <summary>The id of a refresh that was begun and whose answer is not stored yet: whoever goes on with it is served again.</summary>
    public string? Attempt { get; init; }

    /// <summary>The code with which the authority said that the session is over, or <see langword="null"/>.</summary>
    public string? EndCode { get; init; }

    /// <summary>Why it is over, if the authority said so.</summary>
    public string? EndReason { get; init; }

    /// <summary>Whether the session is over.</summary>
    [JsonIgnore]
    public bool IsOver => EndCode is not null;

    /// <summary>The form that stores keep. It holds the tokens: protect it.</summary>
    public byte[] ToUtf8Json() => JsonSerializer.SerializeToUtf8Bytes(this, ClientJson.Default.StoredToken);

    /// <summary>Reads that form; <see langword="null"/> when it is not.</summary>
    public static StoredToken? FromUtf8Json(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ClientJson.Default.StoredToken) is { IsWhole: true } token ? token : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Never a token.</summary>
    public override string ToString() => $"session {SessionId}, generation {Generation}, version {Version}{(IsOver ? $", over: {EndCode}" : "")}";

    // What is missing in a file is null, whatever the property says.
    private bool IsWhole => SessionId is { Length: > 0 } && (IsOver || (AccessToken is { Length: > 0 } && RefreshToken is { Length: > 0 }));
}
