using System.Text.Json;
using System.Text.Json.Serialization;
using Symbolon.Authority.Endpoints;

namespace Symbolon.Mock.Control;

/// <summary>JSON of the control calls: snake_case, absent instead of null; what is misspelt is refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    MaxDepth = 8,
    Converters = [typeof(InstantConverter), typeof(LengthConverter), typeof(DelayConverter)])]
[JsonSerializable(typeof(ClockRequest))]
[JsonSerializable(typeof(ExpireRequest))]
[JsonSerializable(typeof(RevokeRequest))]
[JsonSerializable(typeof(RolesRequest))]
[JsonSerializable(typeof(FaultRequest))]
[JsonSerializable(typeof(EmptyRequest))]
[JsonSerializable(typeof(ClockResponse))]
[JsonSerializable(typeof(ExpiredResponse))]
[JsonSerializable(typeof(EndedResponse))]
[JsonSerializable(typeof(RolesResponse))]
[JsonSerializable(typeof(FaultResponse))]
[JsonSerializable(typeof(FaultListResponse))]
[JsonSerializable(typeof(LogResponse))]
[JsonSerializable(typeof(StateResponse))]
internal sealed partial class ControlJson : JsonSerializerContext;

/// <summary>What was expected in a place of the body.</summary>
internal sealed class ExpectedException(string what) : JsonException(what);

/// <summary>A length in JSON: text, or a number of seconds.</summary>
internal sealed class LengthConverter : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Lengths.TryParse(Text(ref reader), out var length) ? length : throw new ExpectedException(Lengths.Form);

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) => writer.WriteStringValue(Lengths.Write(value));

    internal static string Text(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString()!,
        JsonTokenType.Number => reader.GetDouble().ToString("0.######", System.Globalization.CultureInfo.InvariantCulture),
        _ => "",
    };
}

/// <summary>A wait in JSON: a length, or two with <c>..</c> between.</summary>
internal sealed class DelayConverter : JsonConverter<MockDelay>
{
    public override MockDelay Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Lengths.TryParseDelay(LengthConverter.Text(ref reader), out var delay) ? delay : throw new ExpectedException(Lengths.DelayForm);

    public override void Write(Utf8JsonWriter writer, MockDelay value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
