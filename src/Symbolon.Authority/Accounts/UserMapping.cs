using System.Text.Json;

namespace Symbolon.Authority;

/// <summary>Where an application's own user class keeps what ASP.NET Core Identity has no place for.</summary>
/// <typeparam name="TUser">The application's user class.</typeparam>
public sealed class UserMapping<TUser> where TUser : class
{
    /// <summary>Reads the display name. Default: there is none.</summary>
    public Func<TUser, string?> GetDisplayName { get; set; } = _ => null;

    /// <summary>Writes the display name. Default: it is dropped.</summary>
    public Action<TUser, string?> SetDisplayName { get; set; } = (_, _) => { };

    /// <summary>When the account was made. Default: unknown.</summary>
    public Func<TUser, DateTimeOffset?> GetCreatedAt { get; set; } = _ => null;

    /// <summary>Notes when an account is made. Default: nothing.</summary>
    public Action<TUser, DateTimeOffset> SetCreatedAt { get; set; } = (_, _) => { };

    /// <summary>The application's own small claims for access tokens; names of RFC 9068 and ours are refused. Default: none.</summary>
    public Func<TUser, IReadOnlyDictionary<string, JsonElement>> GetClaims { get; set; } = _ => NoClaims;

    internal static IReadOnlyDictionary<string, JsonElement> NoClaims { get; } = new Dictionary<string, JsonElement>();
}
