using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Symbolon.Authority.Endpoints;

/// <summary>The parameters of an OAuth request: each at most once (RFC 6749 §3.2), an empty one counts as absent.</summary>
internal sealed class OAuthForm
{
    public const string MediaType = "application/x-www-form-urlencoded";
    private const int LongestBody = 64 * 1024;
    private static readonly FormOptions Bounds = new() { ValueCountLimit = 32, KeyLengthLimit = 128, ValueLengthLimit = 16 * 1024, BufferBodyLengthLimit = LongestBody };
    private readonly Dictionary<string, string> values;

    private OAuthForm(Dictionary<string, string> values) => this.values = values;

    public string? this[string name] => values.GetValueOrDefault(name);

    /// <summary>Reads the body, bounded.</summary>
    public static async Task<(OAuthForm? Form, OAuthError? Error)> ReadAsync(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase))
            return (null, OAuthError.Request("Send the parameters as application/x-www-form-urlencoded."));
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = LongestBody;
        try
        {
            var form = await request.ReadFormAsync(Bounds, request.HttpContext.RequestAborted);
            if (form.Any(pair => pair.Value.Count > 1)) return (null, OAuthError.Request("A parameter stands twice."));
            return (new OAuthForm(form.Where(pair => pair.Value.ToString().Length > 0).ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal)), null);
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException or ArgumentException or NotSupportedException) // the last: a charset that .NET refuses
        {
            return (null, OAuthError.Request("The body is malformed or too large."));
        }
    }
}
