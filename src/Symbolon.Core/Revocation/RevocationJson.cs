using System.Globalization;
using System.Text.Json;
using Symbolon.Jose;

namespace Symbolon.Revocation;

/// <summary>The revocation log as JSON: what the feed answers and verifiers read. DESIGN §6.</summary>
public static class RevocationJson
{
    /// <summary>The most entries in one page.</summary>
    public const int MaxEntries = 10_000;

    /// <summary>The largest page that is read, in bytes.</summary>
    public const int MaxLength = 16 * 1024 * 1024;

    /// <summary>The longest id that is read, in characters: none of a token that we issue is longer.</summary>
    public const int MaxIdLength = 1024;

    /// <summary>The longest name of a timeline.</summary>
    public const int MaxTimelineLength = 64;

    private const int MaxDepth = 8;
    private const string Instant = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>Writes a page.</summary>
    public static void Write(Utf8JsonWriter json, RevocationPage page)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(page);
        json.WriteStartObject();
        json.WriteString("timeline"u8, page.Timeline);
        if (page.Since is { } since)
            json.WriteNumber("since"u8, since);
        json.WriteNumber("seq"u8, page.Seq);
        json.WriteNumber("newest"u8, page.Newest);
        Write(json, "now"u8, page.Now);
        json.WriteNumber("max_token_age"u8, (long)page.MaxTokenAge.TotalSeconds);
        json.WriteStartArray("entries"u8);
        foreach (var logged in page.Entries)
            Write(json, logged);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Writes one entry, of a kind that this version knows.</summary>
    public static void Write(Utf8JsonWriter json, LoggedRevocation logged)
    {
        ArgumentNullException.ThrowIfNull(json);
        var entry = logged.Entry ?? throw new ArgumentException("An entry of an unknown kind cannot be passed on.", nameof(logged));
        var form = RevocationForm.Of(entry.Kind);
        json.WriteStartObject();
        json.WriteNumber("seq"u8, logged.Seq);
        json.WriteString("kind"u8, form.Kind);
        if (form.Key is not null)
            json.WriteString(form.Key, entry.Key);
        if (form.Number is not null)
            json.WriteNumber(form.Number, entry.Number);
        Write(json, "at"u8, entry.At);
        Write(json, "until"u8, entry.Until);
        if (entry.Reason is not null)
            json.WriteString("reason"u8, entry.Reason);
        json.WriteEndObject();
    }

    /// <summary>Reads a page; members that it does not know are ignored.</summary>
    /// <exception cref="FormatException">It is not a page; the message says why.</exception>
    public static RevocationPage ReadPage(ReadOnlyMemory<byte> json)
    {
        if (json.Length > MaxLength)
            throw new FormatException($"The page is larger than {MaxLength} bytes.");
        using var document = StrictJson.ParseObject(json, MaxDepth) ?? throw new FormatException("The page is not a JSON object with each member once.");
        var root = document.RootElement;
        if (!root.TryGetProperty("entries", out var entries) || entries.ValueKind is not JsonValueKind.Array || entries.GetArrayLength() > MaxEntries)
            throw new FormatException($"The page has no array 'entries' of at most {MaxEntries}.");
        return new RevocationPage(
            Id(root, "timeline", MaxTimelineLength), Long(root, "since"), Long(root, "seq") ?? throw Missing("seq"), Long(root, "newest") ?? throw Missing("newest"),
            When(root, "now"), [.. entries.EnumerateArray().Select(ReadEntry)])
        {
            MaxTokenAge = TimeSpan.FromSeconds(Math.Clamp(Long(root, "max_token_age") ?? throw Missing("max_token_age"), 0, int.MaxValue)),
        };
    }

    /// <summary>Reads one entry.</summary>
    /// <exception cref="FormatException">It is not an entry.</exception>
    public static LoggedRevocation ReadEntry(ReadOnlyMemory<byte> json)
    {
        using var document = StrictJson.ParseObject(json, MaxDepth) ?? throw new FormatException("The entry is not a JSON object with each member once.");
        return ReadEntry(document.RootElement);
    }

    private static LoggedRevocation ReadEntry(JsonElement json)
    {
        if (json.ValueKind is not JsonValueKind.Object)
            throw new FormatException("An entry is not a JSON object.");
        var seq = Long(json, "seq") ?? throw Missing("seq");
        if (seq == 0)
            throw new FormatException("'seq' counts from 1.");
        if (RevocationForm.Find(Text(json, "kind") ?? throw Missing("kind")) is not { } form)
            return new LoggedRevocation(seq, Entry: null);
        var key = form.Key is null ? "" : Id(json, form.Key, MaxIdLength);
        var number = form.Number is null ? 0 : Long(json, form.Number) ?? throw Missing(form.Number);
        if (number is < 0 or > int.MaxValue)
            throw new FormatException($"'{form.Number}' is out of range.");
        return new LoggedRevocation(seq, new RevocationEntry(form.What, key, (int)number, When(json, "at"), When(json, "until"), Text(json, "reason")));
    }

    /// <summary>Writes an instant: RFC 3339, UTC, to the millisecond.</summary>
    public static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset instant) =>
        json.WriteString(name, instant.UtcDateTime.ToString(Instant, CultureInfo.InvariantCulture));

    private static string Id(JsonElement json, string name, int maxLength) =>
        Text(json, name) is not { } id ? throw Missing(name)
        : id.Length >= 1 && id.Length <= maxLength ? id : throw new FormatException($"'{name}' does not have 1 to {maxLength} characters.");

    private static string? Text(JsonElement json, string name) =>
        !json.TryGetProperty(name, out var value) ? null : value.ValueKind is JsonValueKind.String ? value.GetString() : throw new FormatException($"'{name}' is not a string.");

    private static long? Long(JsonElement json, string name) =>
        !json.TryGetProperty(name, out var value) ? null
        : value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out var number) && number >= 0 ? number : throw new FormatException($"'{name}' is not a whole number.");

    // The framework takes an instant without an offset for one of this machine's own zone.
    private static DateTimeOffset When(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String && value.TryGetDateTimeOffset(out var instant)
            && value.GetString() is [.., 'Z'] or [.., '+' or '-', _, _, ':', _, _]
            ? instant : throw new FormatException($"'{name}' is not an instant (RFC 3339).");

    private static FormatException Missing(string name) => new($"'{name}' is missing.");
}

/// <summary>How the entries of a kind are written.</summary>
internal sealed record RevocationForm(RevocationKind What, string Kind, string? Key, string? Number)
{
    private static readonly RevocationForm[] All =
    [
        new(RevocationKind.Session, "session", "sid", null),
        new(RevocationKind.Token, "token", "jti", null),
        new(RevocationKind.Subject, "subject", "sub", "epoch"),
        new(RevocationKind.Claims, "claims", "sub", "version"),
        new(RevocationKind.Key, "key", "kid", null),
        new(RevocationKind.Era, "era", null, "era"),
    ];

    public static RevocationForm Of(RevocationKind kind) => Array.Find(All, form => form.What == kind) ?? throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind.");

    public static RevocationForm? Find(string kind) => Array.Find(All, form => form.Kind == kind);
}
