using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Symbolon.Authority.Endpoints;

/// <summary>Which client calls an OAuth endpoint: by its secret (RFC 6749 §2.3.1), or by its name alone when it is public.</summary>
internal sealed class ClientAuthentication(Clients clients, AuthorityTelemetry telemetry)
{
    /// <summary>Null and the client, or why not.</summary>
    public OAuthError? Authenticate(HttpRequest request, OAuthForm form, out Client? client)
    {
        client = null;
        var (id, secret) = (form["client_id"], form["client_secret"]);
        var hasHeader = request.Headers.Authorization.Count > 0;
        if (hasHeader)
        {
            if (secret is not null) return OAuthError.Request("Authenticate in one way only.");
            if (!TryReadBasic(request, out var basicId, out secret) || (id is not null && id != basicId)) return Malformed();
            id = basicId;
        }

        client = id is null ? null : clients.Find(id);
        var isAccepted = client?.Accepts(secret) == true;
        if (!isAccepted || client!.IsConfidential) telemetry.ClientChecked(client?.Id, isAccepted);
        return isAccepted ? null : OAuthError.Client(hasHeader);
    }

    private OAuthError Malformed()
    {
        telemetry.ClientChecked(client: null, isAccepted: false);
        return OAuthError.Client(challenges: true);
    }

    // Both parts are form-urlencoded before they are joined (RFC 6749 §2.3.1).
    private static bool TryReadBasic(HttpRequest request, out string? id, out string? secret)
    {
        (id, secret) = (null, null);
        if (request.Headers.Authorization is not { Count: 1 } header || !AuthenticationHeaderValue.TryParse(header, out var value)
            || !string.Equals(value.Scheme, "Basic", StringComparison.OrdinalIgnoreCase) || value.Parameter is not { Length: <= 2048 } encoded) return false;
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length)) return false;
        var pair = Encoding.UTF8.GetString(bytes, 0, length);
        if (pair.IndexOf(':') is not (> 0 and var colon)) return false;
        (id, secret) = (Uri.UnescapeDataString(pair[..colon].Replace('+', ' ')), Uri.UnescapeDataString(pair[(colon + 1)..].Replace('+', ' ')));
        return true;
    }
}
