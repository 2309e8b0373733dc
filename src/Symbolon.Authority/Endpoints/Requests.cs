using System.Text;
using System.Text.Json.Serialization;
using Symbolon.Authority.Accounts;
using Symbolon.Sessions;

namespace Symbolon.Authority.Endpoints;

/// <summary>What the members of requests may look like. Bounds are generous; they exist so that nothing unbounded is stored or hashed.</summary>
internal static class Members
{
    public const int LongestName = 64;
    public const int LongestPassword = 256;
    private const int LongestEmail = 254; // RFC 5321 §4.5.3.1

    public static string? Required(string name, string? value, int longest) =>
        string.IsNullOrEmpty(value) ? $"The member {name} is missing." : Text(name, value, longest);

    public static string? Text(string name, string? value, int longest) =>
        value is null ? null
        : value.Length > longest ? $"The member {name} is longer than {longest} characters."
        : value.Any(char.IsControl) ? $"The member {name} contains control characters."
        : !IsUnicode(value) ? $"The member {name} contains what is no character of Unicode."
        : null;

    // Half surrogates, and the code points that Unicode reserves for nobody: they make normalisation fail.
    private static bool IsUnicode(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (!Rune.TryGetRuneAt(value, i, out var rune) || (rune.Value & 0xFFFE) == 0xFFFE || rune.Value is >= 0xFDD0 and <= 0xFDEF) return false;
            i += rune.Utf16SequenceLength - 1;
        }

        return true;
    }

    public static string? Password(string name, string? value) =>
        string.IsNullOrEmpty(value) ? $"The member {name} is missing." : value.Length > LongestPassword ? $"The member {name} is longer than {LongestPassword} characters." : null;

    public static string? Email(string? value) =>
        string.IsNullOrEmpty(value) ? null
        : Text("email", value, LongestEmail) ?? (value.IndexOf('@') is > 0 and var at && at == value.LastIndexOf('@') && at < value.Length - 1 && !value.Any(char.IsWhiteSpace)
            ? null : "The member email is not an e-mail address.");
}

/// <summary>A device as a log-in describes it.</summary>
internal sealed record DeviceRequest
{
    public string? Id { get; init; }

    public string? Name { get; init; }

    public string? Type { get; init; }

    public string? Check() => Members.Text("device.id", Id, 128) ?? Members.Text("device.name", Name, Members.LongestName) ?? Members.Text("device.type", Type, 32);
}

/// <summary>The members of a request body.</summary>
internal abstract record Request
{
    /// <summary>Whether the endpoint also works without a body.</summary>
    [JsonIgnore]
    public virtual bool IsOptional => false;

    /// <summary>What is wrong with them, for people; null when nothing is.</summary>
    public abstract string? Check();
}

/// <summary>What registration and log-in have in common.</summary>
internal abstract record StartRequest : Request
{
    public string? ClientId { get; init; }

    public DeviceRequest? Device { get; init; }

    public bool? Remember { get; init; }

    public string? Transport { get; init; }

    public SessionTransport TransportOrDefault => Transport == "cookie" ? SessionTransport.Cookie : SessionTransport.Body;

    protected string? CheckStart() =>
        Members.Text("client_id", ClientId, 128)
        ?? (Transport is null or "body" or "cookie" ? null : "The member transport must be \"body\" or \"cookie\".")
        ?? Device?.Check();
}

/// <summary>Body of POST /auth/register.</summary>
internal sealed record RegisterRequest : StartRequest
{
    public string? Username { get; init; }

    public string? Password { get; init; }

    public string? Email { get; init; }

    public string? DisplayName { get; init; }

    public override string? Check() =>
        Members.Required("username", Username, Members.LongestName) ?? Members.Password("password", Password) ?? Members.Email(Email)
        ?? Members.Text("display_name", DisplayName, Members.LongestName) ?? CheckStart();

    public override string ToString() => nameof(RegisterRequest); // a record would print its password
}

/// <summary>Body of POST /auth/login.</summary>
internal sealed record LoginRequest : StartRequest
{
    public string? Username { get; init; }

    public string? Password { get; init; }

    public override string? Check() => Members.Required("username", Username, 256) ?? Members.Password("password", Password) ?? CheckStart();

    public override string ToString() => nameof(LoginRequest);
}

/// <summary>Body of POST /auth/refresh and POST /auth/logout.</summary>
internal sealed record RefreshTokenRequest : Request
{
    [JsonIgnore]
    public override bool IsOptional => true;

    public string? RefreshToken { get; init; }

    // Not a text of ours: what it looks like is judged where tokens are read.
    public override string? Check() => null;

    public override string ToString() => nameof(RefreshTokenRequest);
}

/// <summary>Body of PATCH /auth/me. Who changes the address can often take the account over by it, so that needs the password.</summary>
internal sealed record ProfileRequest : Request
{
    public string? DisplayName { get; init; }

    public string? Email { get; init; }

    public string? Password { get; init; }

    public override string? Check() =>
        Members.Text("display_name", DisplayName, Members.LongestName) ?? Members.Email(Email) ?? (Email is null ? null : Members.Password("password", Password));

    public override string ToString() => nameof(ProfileRequest);
}

/// <summary>Body of PATCH /auth/sessions/{sid}.</summary>
internal sealed record RenameRequest : Request
{
    public string? Name { get; init; }

    public override string? Check() => Members.Required("name", Name, Members.LongestName);
}

/// <summary>Body of POST /auth/password.</summary>
internal sealed record PasswordRequest : Request
{
    public string? CurrentPassword { get; init; }

    public string? NewPassword { get; init; }

    public override string? Check() => Members.Password("current_password", CurrentPassword) ?? Members.Password("new_password", NewPassword);

    public override string ToString() => nameof(PasswordRequest);
}

/// <summary>Body of DELETE /auth/account.</summary>
internal sealed record DeleteAccountRequest : Request
{
    public string? Password { get; init; }

    public override string? Check() => Members.Password("password", Password);

    public override string ToString() => nameof(DeleteAccountRequest);
}

/// <summary>Body of PATCH /admin/users/{sub}.</summary>
internal sealed record ManageAccountRequest : Request
{
    public IReadOnlyList<string>? Roles { get; init; }

    public bool? Disabled { get; init; }

    public string? DisplayName { get; init; }

    public string? Email { get; init; }

    public override string? Check() =>
        Members.Text("display_name", DisplayName, Members.LongestName) ?? Members.Email(Email)
        ?? (Roles is null || RoleRules.Fit(Roles) ? null : $"The member roles must be {RoleRules.Form}.");
}

/// <summary>Body of POST /admin/users/{sub}/end-sessions.</summary>
internal sealed record EndSessionsRequest : Request
{
    [JsonIgnore]
    public override bool IsOptional => true;

    public bool Soft { get; init; }

    public override string? Check() => null;
}
