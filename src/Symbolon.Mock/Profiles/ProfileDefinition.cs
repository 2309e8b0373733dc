using System.Text.Json.Nodes;
using Symbolon.Authority;
using Symbolon.Authority.Accounts;

namespace Symbolon.Mock.Profiles;

/// <summary>What makes one well-known mock differ from the others; everything else they share.</summary>
/// <param name="Name">Its name, for <c>--profile</c>.</param>
internal sealed record ProfileDefinition(string Name)
{
    /// <summary>Where the original listens.</summary>
    public required string Url { get; init; }

    /// <summary>The accounts of the original.</summary>
    public required IReadOnlyList<MockAccount> Accounts { get; init; }

    /// <summary>The routes; the first that matches answers.</summary>
    public required Func<ProfileSettings, IReadOnlyList<ProfileRoute>> Routes { get; init; }

    /// <summary>A user as the original shows it, without a password.</summary>
    public required Func<ProfileUser, JsonObject> Show { get; init; }

    /// <summary>How its own tokens look; null where they are the engine's access tokens, since the original's client does not look inside.</summary>
    public ProfileTokenForm? Token { get; init; }

    /// <summary>Lifetimes and the like.</summary>
    public Action<AuthorityOptions> Configure { get; init; } = _ => { };

    /// <summary>How long the original takes to answer.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>The id of the first user; the next ones follow.</summary>
    public int FirstId { get; init; } = 1;

    /// <summary>Data that it serves unless others are given, for the accounts that it starts with; null where it serves none.</summary>
    public Func<IReadOnlyList<MockAccount>, JsonObject>? Data { get; init; }

    /// <summary>Whether it takes routes that need a role.</summary>
    public bool TakesRoutes { get; init; }

    /// <summary>Whether the original answers users with their passwords: a bug.</summary>
    public bool ShowsPasswords { get; init; }

    /// <summary>What the original does badly. Left out unless asked for.</summary>
    public IReadOnlyList<string> Bugs { get; init; } = [];
}

/// <summary>How a profile is wished for.</summary>
/// <param name="IsBugCompatible">Whether the original's bugs are kept.</param>
/// <param name="RoleRoutes">Routes that need a role, for originals that take a list of them; empty for the original's own.</param>
internal sealed record ProfileSettings(bool IsBugCompatible, IReadOnlyList<MockRoute> RoleRoutes);

/// <summary>A route of a profile.</summary>
/// <param name="Method">The method, in capitals.</param>
/// <param name="Path">The path; <c>:id</c> is a segment that may be anything, and a leading <c>*</c> any beginning.</param>
/// <param name="Answer">What it does.</param>
internal sealed record ProfileRoute(string Method, string Path, ProfileAction Answer)
{
    /// <summary>A route behind a guard.</summary>
    public ProfileRoute(string method, string path, GuardedAction guarded) : this(method, path, guarded.Run) => (IsAnonymous, Role) = (false, guarded.Role);

    /// <summary>Whether it needs no token.</summary>
    public bool IsAnonymous { get; init; } = true;

    /// <summary>The role that it needs, or null.</summary>
    public string? Role { get; init; }

    /// <summary>Whether it is for every request that no other route is for.</summary>
    public bool IsRest => Path.Length == 0;

    /// <summary>As <c>/__mock/state</c> lists it.</summary>
    public MockRoute Listed => new(IsRest ? "/*" : Path) { Methods = IsRest ? [] : [Method], IsAnonymous = IsAnonymous, Roles = Role is null ? [] : [Role] };

    /// <summary>Matches every request that no other route does.</summary>
    public static ProfileRoute Otherwise(ProfileAction answer) => new("", "", answer);

    /// <summary>The same, behind a guard.</summary>
    public static ProfileRoute Otherwise(GuardedAction guarded) => new("", "", guarded);
}

/// <summary>Answers a request.</summary>
internal delegate Task<ProfileAnswer> ProfileAction(ProfileCall call);

/// <summary>The user of a profile: what the engine knows, and what only the profile does.</summary>
/// <param name="Account">The engine's.</param>
/// <param name="Facts">The profile's.</param>
internal sealed record ProfileUser(Account Account, ProfileFacts Facts)
{
    /// <summary>Its number.</summary>
    public int Id => Facts.Id;

    /// <summary>The first name: the display name up to its first space.</summary>
    public string FirstName => (Account.DisplayName ?? Account.UserName).Split(' ', 2)[0];

    /// <summary>The last name: what follows.</summary>
    public string LastName => (Account.DisplayName ?? "").Split(' ', 2) is [_, var last] ? last : "";

    /// <summary>Whether it has a role, whatever its case.</summary>
    public bool Has(string role) => Account.Roles.Contains(role, StringComparer.OrdinalIgnoreCase);

    /// <summary><c>Admin</c> or <c>User</c>.</summary>
    public string Role => Has("admin") ? "Admin" : "User";

    public override string ToString() => $"ProfileUser({Id})";
}

/// <summary>What only a profile knows of an account.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Password">Its password in clear, for originals that give it away; null unless their bugs are kept.</param>
/// <param name="ImageUrl">Its picture, where it has set one.</param>
internal sealed record ProfileFacts(int Id, string? Password, string? ImageUrl = null)
{
    public override string ToString() => $"ProfileFacts({Id})";
}
