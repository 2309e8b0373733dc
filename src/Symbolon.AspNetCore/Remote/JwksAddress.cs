using System.Text.Json;
using Symbolon.Jose;

namespace Symbolon.AspNetCore.Remote;

/// <summary>Where an issuer's keys are: as configured, or as its metadata say (OpenID Connect Discovery 1.0 §4, RFC 8414 §3).</summary>
internal sealed class JwksAddress(RemoteContext with)
{
    private readonly RemoteSourcesOptions options = with.Options;
    private const int MaxLength = 256 * 1024;
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(3), Kept = TimeSpan.FromHours(1);
    private volatile Found? found;

    /// <summary>The address.</summary>
    /// <exception cref="RemoteException">The metadata cannot be had.</exception>
    /// <exception cref="FormatException">The metadata are another issuer's, or name no address that may be asked.</exception>
    public async Task<Uri> FindAsync()
    {
        if (options.JwksUri is not null) return options.JwksUri;
        if (found is { } known && with.Time.GetElapsedTime(known.At) < Kept) return known.Address;
        using var request = new HttpRequestMessage(HttpMethod.Get, options.Metadata);
        var answer = await with.Http.AskAsync(request, MaxLength, AnswersWithin, CancellationToken.None);
        if (answer.Status != 200) throw new RemoteException($"{options.Metadata} answered {answer.Status}.");
        var address = Read(answer.Body);
        found = new Found(address, with.Time.GetTimestamp());
        return address;
    }

    /// <summary>Asks for the metadata anew next time.</summary>
    public void Forget() => found = null;

    private Uri Read(byte[] body)
    {
        var (issuer, jwks) = Members(body);
        if (issuer != options.Issuer) throw new FormatException($"The metadata at {options.Metadata} are not those of the issuer {options.Issuer}: their 'issuer' must be exactly that.");
        return Uri.TryCreate(jwks, UriKind.Absolute, out var address) && RemoteAddress.IsAllowed(address, options.AllowsHttp) ? address
            : throw new FormatException($"The metadata at {options.Metadata} have no 'jwks_uri' with https.");
    }

    private (string? Issuer, string? Jwks) Members(byte[] body)
    {
        using var json = RemoteJson.Object(body) ?? throw new FormatException($"The metadata at {options.Metadata} are not a JSON object.");
        return (json.RootElement.Text("issuer"), json.RootElement.Text("jwks_uri"));
    }

    private sealed record Found(Uri Address, long At);
}

/// <summary>Which addresses may be asked.</summary>
internal static class RemoteAddress
{
    /// <summary>https; plain HTTP only on loopback hosts, or where it is allowed. Never with a name or password in it.</summary>
    public static bool IsAllowed(Uri address, bool allowsHttp) =>
        address.IsAbsoluteUri && address.UserInfo.Length == 0
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && (address.IsLoopback || allowsHttp)));

    /// <summary>An address below another, whether that ends with a slash or not.</summary>
    public static Uri Below(Uri root, string path) => new($"{root.GetLeftPart(UriPartial.Path).TrimEnd('/')}{path}");
}

/// <summary>JSON answers.</summary>
internal static class RemoteJson
{
    private const int MaxDepth = 32;

    /// <summary>The object that somebody answered; null when it is none. Whatever it is, its texts can be read: the framework's own parser lets a lone surrogate through, and throws when it is read.</summary>
    public static JsonDocument? Object(ReadOnlyMemory<byte> json) => StrictJson.ParseObject(json, MaxDepth);

    /// <summary>A text; null when it is missing or something else.</summary>
    public static string? Text(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    /// <summary>A whole number that is not negative; null when it is missing or something else.</summary>
    public static long? Number(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out var number) && number >= 0 ? number : null;
}
