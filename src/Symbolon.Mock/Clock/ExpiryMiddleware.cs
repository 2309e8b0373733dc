using System.Buffers.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Symbolon.AspNetCore;

namespace Symbolon.Mock.Clock;

/// <summary>In front of authentication: where a request brings a token that <see cref="ExpiryMarks"/> knows, the engine verifies it as if its time had passed. Nothing is decided here: a token that is not authentic is refused for that, as ever.</summary>
internal sealed class ExpiryMiddleware(ExpiryMarks marks, VerificationClock clock, IOptionsMonitor<SymbolonOptions> schemes, RequestDelegate next)
{
    // Beyond any skew that is allowed.
    private static readonly TimeSpan Beyond = TimeSpan.FromHours(1);

    public async Task InvokeAsync(HttpContext http)
    {
        if (!marks.IsEmpty && PresentedToken.Read(http.Request, schemes.Get(SymbolonDefaults.AuthenticationScheme)).Token is { } token
            && Read(token.Span) is var (session, issuedAt, expiresAt) && marks.Covers(session, issuedAt))
        {
            clock.BeLaterBy(DateTimeOffset.FromUnixTimeSeconds(expiresAt) + Beyond - clock.GetUtcNow());
        }

        await next(http);
    }

    private static (string Session, long IssuedAt, long ExpiresAt)? Read(ReadOnlySpan<char> token)
    {
        var from = token.IndexOf('.') + 1;
        var length = token[from..].IndexOf('.');
        if (from == 0 || length < 0 || !Base64Url.IsValid(token.Slice(from, length))) return null;
        try
        {
            using var json = JsonDocument.Parse(Base64Url.DecodeFromChars(token.Slice(from, length)));
            var claims = json.RootElement;
            return claims.ValueKind == JsonValueKind.Object
                && claims.TryGetProperty("sid", out var sid) && sid.ValueKind == JsonValueKind.String
                && claims.TryGetProperty("iat", out var iat) && iat.TryGetInt64(out var issuedAt)
                && claims.TryGetProperty("exp", out var exp) && exp.TryGetInt64(out var expiresAt) && expiresAt is >= 0 and < 253_000_000_000
                ? (sid.GetString()!, issuedAt, expiresAt) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
