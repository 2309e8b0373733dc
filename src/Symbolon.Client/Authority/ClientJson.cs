using System.Text.Json;
using System.Text.Json.Serialization;

namespace Symbolon.Client.Authority;

/// <summary>Reading and writing without reflection: the client may be trimmed.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SignInBody))]
[JsonSerializable(typeof(RefreshBody))]
[JsonSerializable(typeof(TokenResponse))]
[JsonSerializable(typeof(ProblemResponse))]
[JsonSerializable(typeof(StoredToken))]
internal sealed partial class ClientJson : JsonSerializerContext;

/// <summary>Body of a log-in or a registration.</summary>
internal sealed record SignInBody(
    string Username, string Password, string? ClientId, LoginDevice? Device, bool Remember, string Transport, string? Email = null, string? DisplayName = null)
{
    public static SignInBody Of(LoginRequest request, string? clientId) => new(
        request.Username, request.Password, clientId, request.Device, request.Remember, "body",
        (request as RegisterRequest)?.Email, (request as RegisterRequest)?.DisplayName);

    public override string ToString() => nameof(SignInBody); // a record would print its password
}

/// <summary>Body of a refresh or a log-out.</summary>
internal sealed record RefreshBody(string RefreshToken)
{
    public override string ToString() => nameof(RefreshBody);
}

/// <summary>A token response, as docs/endpoints.md has it.</summary>
internal sealed record TokenResponse(
    string? AccessToken, string? RefreshToken, double? ExpiresIn, string? SessionId, int? Generation, double? RefreshExpiresIn, double? SessionExpiresIn, long? ServerTime, string? Scope)
{
    private const int LongestToken = 16 * 1024;
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(366);

    /// <summary>Whether it can be used: what is stored is also sent again, in headers and bodies.</summary>
    [JsonIgnore]
    public bool IsWhole => IsToken(AccessToken) && IsToken(RefreshToken) && SessionId is { Length: > 0 and <= 256 } && Generation > 0 && ExpiresIn > 0;

    /// <summary>How long the access token lives.</summary>
    [JsonIgnore]
    public TimeSpan Lifetime => Length(ExpiresIn) ?? TimeSpan.Zero;

    /// <summary>How far a machine's clock is ahead of the authority's, if that told a time that there can be.</summary>
    public TimeSpan? SkewOf(TimeProvider time)
    {
        if (ServerTime is not { } server || server < 0 || server > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()) return null;
        return time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(server);
    }

    public static TimeSpan? Length(double? seconds) => seconds is not >= 0 ? null : TimeSpan.FromSeconds(Math.Min(seconds.Value, LongestLife.TotalSeconds));

    public override string ToString() => $"{nameof(TokenResponse)} of generation {Generation}"; // never a token

    private static bool IsToken(string? text) => text is { Length: > 0 and <= LongestToken } && text.All(c => c is > ' ' and <= '~');
}

/// <summary>A problem document (RFC 9457) with our members.</summary>
internal sealed record ProblemResponse(string? Type, string? Code, string? Detail, string? Reason)
{
    /// <summary>Whether it is one of ours: others may have a code too.</summary>
    [JsonIgnore]
    public bool IsOurs => Code is { Length: > 0 and <= 64 } && Type == $"urn:symbolon:{Code}";
}
