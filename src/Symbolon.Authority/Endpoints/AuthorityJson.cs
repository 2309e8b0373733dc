using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Symbolon.Authority.Endpoints;

/// <summary>JSON of the authority's endpoints: snake_case, absent instead of null, each member once, nothing deep.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    MaxDepth = 8,
    Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(RegisterRequest))]
[JsonSerializable(typeof(LoginRequest))]
[JsonSerializable(typeof(RefreshTokenRequest))]
[JsonSerializable(typeof(ProfileRequest))]
[JsonSerializable(typeof(RenameRequest))]
[JsonSerializable(typeof(PasswordRequest))]
[JsonSerializable(typeof(DeleteAccountRequest))]
[JsonSerializable(typeof(ManageAccountRequest))]
[JsonSerializable(typeof(EndSessionsRequest))]
[JsonSerializable(typeof(AcknowledgeRequest))]
[JsonSerializable(typeof(AcknowledgedResponse))]
[JsonSerializable(typeof(ReceiptOnlyResponse))]
[JsonSerializable(typeof(RevocationPageResponse))]
[JsonSerializable(typeof(TokenResponse))]
[JsonSerializable(typeof(ClientTokenResponse))]
[JsonSerializable(typeof(SessionResponse))]
[JsonSerializable(typeof(SessionListResponse))]
[JsonSerializable(typeof(EndedResponse))]
[JsonSerializable(typeof(AccountResponse))]
[JsonSerializable(typeof(ManagedAccountResponse))]
[JsonSerializable(typeof(AccountListResponse))]
[JsonSerializable(typeof(KeyListResponse))]
[JsonSerializable(typeof(EventListResponse))]
[JsonSerializable(typeof(HealthResponse))]
[JsonSerializable(typeof(IntrospectionResponse))]
[JsonSerializable(typeof(OAuthErrorResponse))]
[JsonSerializable(typeof(MetadataResponse))]
internal sealed partial class AuthorityJson : JsonSerializerContext;

/// <summary>Instants in JSON: RFC 3339, UTC, to the millisecond.</summary>
internal sealed class InstantConverter : JsonConverter<DateTimeOffset>
{
    private const string Form = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture));
}
