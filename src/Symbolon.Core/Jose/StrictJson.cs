using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Symbolon.Jose;

/// <summary>JSON as tokens and key sets may carry it: one object, valid UTF-8, no duplicate members, bounded depth, no lone surrogates.</summary>
/// <remarks>
/// RFC 7515 §4 and RFC 7519 §4 allow a parser that keeps the last of two equal names; two parsers then read two different tokens, so we refuse.
/// The framework checks neither UTF-8 nor escaped surrogates until a string is read, and then throws: both are settled here, once.
/// </remarks>
internal static class StrictJson
{
    /// <summary>Written into base64url or an application/json answer, never into HTML: <c>at+jwt</c> needs no escape there.</summary>
    public static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Parses; null when the text is not such an object. The memory must outlive the document.</summary>
    public static JsonDocument? ParseObject(ReadOnlyMemory<byte> json, int maxDepth)
    {
        if (!Utf8.IsValid(json.Span) || !EscapesAreSound(json.Span, maxDepth))
            return null;
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = maxDepth });
        }
        catch (JsonException)
        {
            return null;
        }

        if (document.RootElement.ValueKind is JsonValueKind.Object)
            return document;
        document.Dispose();
        return null;
    }

    private static bool EscapesAreSound(ReadOnlySpan<byte> json, int maxDepth)
    {
        if (!json.Contains((byte)'\\'))
            return true;
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = maxDepth });
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                    _ = reader.GetString();
            }

            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false; // InvalidOperationException: "\ud800" alone is no text
        }
    }
}
