using System.Text.Json;
using Symbolon.Jose;

namespace Symbolon.Access;

/// <summary>Reads one claim's value; false when it is of the wrong type. Never throws.</summary>
internal static class ClaimValue
{
    private const decimal EarliestSecond = -62_135_596_800m; // DateTimeOffset.MinValue
    private const decimal LatestSecond = 253_402_300_799m; // the last whole second of DateTimeOffset.MaxValue

    public static bool Text(JsonElement value, out string? text)
    {
        text = value.ValueKind is JsonValueKind.String ? value.GetString() : null;
        return text is not null;
    }

    public static bool Texts(JsonElement value, out IReadOnlyList<string>? texts)
    {
        texts = null;
        if (value.ValueKind is not JsonValueKind.Array)
            return false;
        var items = new string[value.GetArrayLength()];
        var i = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (!Text(item, out var text))
                return false;
            items[i++] = text!;
        }

        texts = items;
        return true;
    }

    /// <summary>One non-empty string, or an array with at least one, none of them empty (RFC 7519 §4.1.3).</summary>
    public static bool TextOrTexts(JsonElement value, out IReadOnlyList<string>? texts)
    {
        if (Text(value, out var only))
            texts = [only!];
        else if (!Texts(value, out texts))
            return false;
        return texts!.Count > 0 && !texts.Contains(string.Empty);
    }

    /// <summary>A JSON number of seconds since 1970, also with a fraction or exponent (RFC 7519 §2, NumericDate).</summary>
    public static bool Instant(JsonElement value, out DateTimeOffset? instant)
    {
        instant = null;
        if (value.ValueKind is not JsonValueKind.Number || !value.TryGetDecimal(out var seconds) || seconds is < EarliestSecond or > LatestSecond)
            return false;
        instant = DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
        return true;
    }

    /// <summary>A whole number that is not negative: eras, epochs, versions and generations only count up.</summary>
    public static bool Number(JsonElement value, out int? number)
    {
        number = value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out var read) && read >= 0 ? read : null;
        return number is not null;
    }

    /// <summary>
    /// <c>{"jkt": thumbprint}</c> and nothing else: a confirmation by a method we cannot check must refuse the token, not be ignored
    /// (RFC 7800 §3.1, RFC 9449 §6.1).
    /// </summary>
    public static bool Thumbprint(JsonElement value, out string? thumbprint)
    {
        thumbprint = null;
        return value.ValueKind is JsonValueKind.Object
            && value.GetPropertyCount() == 1
            && value.TryGetProperty("jkt"u8, out var jkt)
            && Text(jkt, out thumbprint)
            && StrictBase64Url.TryDecode(thumbprint, out var hash)
            && hash.Length == 32;
    }
}
