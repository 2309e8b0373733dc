using Microsoft.AspNetCore.Http;

namespace Symbolon.Mock.Profiles;

/// <summary>A request to a profile.</summary>
/// <param name="http">The request.</param>
/// <param name="world">The profile in its world.</param>
/// <param name="body">Its body.</param>
internal sealed class ProfileCall(HttpContext http, ProfileWorld world, ObjectBody body)
{
    private (bool IsKnown, ProfileCaller? Caller) caller;

    public HttpContext Http => http;

    public ProfileWorld World => world;

    public ObjectBody Body => body;

    /// <summary>The segment that stood for <c>:id</c>.</summary>
    public string Id { get; init; } = "";

    /// <summary>A text of the body; empty when there is none.</summary>
    public string Text(string name) => body.Text(name);

    /// <summary>Who calls: whose token came along and counts, by the engine's live check; null for nobody.</summary>
    public async ValueTask<ProfileCaller?> CallerAsync()
    {
        if (!caller.IsKnown) caller = (true, await world.Callers.FindAsync(this));
        return caller.Caller;
    }

    /// <summary>Who calls, where a guard has asked before.</summary>
    public ProfileCaller Caller => caller.Caller ?? throw new InvalidOperationException("The route has no guard.");
}

/// <summary>Who calls.</summary>
/// <param name="User">The user.</param>
/// <param name="Session">The session of the token.</param>
internal sealed record ProfileCaller(ProfileUser User, Sessions.Session Session);

/// <summary>What stands in front of a route.</summary>
internal static class Guard
{
    /// <summary>Lets through whoever has a token that counts.</summary>
    public static GuardedAction SignedIn(ProfileAnswer refusal, ProfileAction then) => new(Allowed(refusal, (_, _) => true, then));

    /// <summary>Lets through whoever has one of the roles.</summary>
    public static GuardedAction WithRole(string role, ProfileAnswer refusal, ProfileAction then) => new(Allowed(refusal, (_, caller) => caller.User.Has(role), then), role);

    /// <summary>Lets through the user that the path names, and administrators.</summary>
    public static GuardedAction SelfOrAdmin(ProfileAnswer refusal, Func<ProfileUser, string> id, ProfileAction then) =>
        new(Allowed(refusal, (call, caller) => caller.User.Has("admin") || call.Id == id(caller.User), then));

    private static ProfileAction Allowed(ProfileAnswer refusal, Func<ProfileCall, ProfileCaller, bool> isAllowed, ProfileAction then) =>
        async call => await call.CallerAsync() is { } caller && isAllowed(call, caller) ? await then(call) : refusal;
}

/// <summary>What a route does, behind a guard.</summary>
/// <param name="Run">The guard, then what it does.</param>
/// <param name="Role">The role that the guard asks for; null where a token is enough.</param>
internal sealed record GuardedAction(ProfileAction Run, string? Role = null);
