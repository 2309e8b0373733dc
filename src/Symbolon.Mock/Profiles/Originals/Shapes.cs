using System.Text.Json.Nodes;

namespace Symbolon.Mock.Profiles.Originals;

/// <summary>What several originals answer alike.</summary>
internal static class Shapes
{
    public const string WrongPassword = "Username or password is incorrect";

    public static readonly ProfileAnswer Unauthorised = ProfileAnswer.Message(401, "Unauthorised");

    /// <summary>A user as the profile shows it; with the password where it keeps the original's bugs, and the original gives it away.</summary>
    public static JsonObject Shown(ProfileCall call, ProfileUser user)
    {
        var shown = call.World.Definition.Show(user);
        if (user.Facts.Password is { } password) shown["password"] = password;
        return shown;
    }

    /// <summary>All users.</summary>
    public static async Task<ProfileAnswer> List(ProfileCall call) =>
        ProfileAnswer.Ok(new JsonArray([.. (await call.World.Users.AllAsync(call.Http.RequestAborted)).Select(user => Shown(call, user))]));

    /// <summary>Log-in by user name: the user with the token, or 400.</summary>
    public static async Task<ProfileAnswer> Authenticate(ProfileCall call)
    {
        if (await call.World.SignIn.LogInAsync(call, call.Text("username"), call.Text("password")) is not { } login) return ProfileAnswer.Message(400, WrongPassword);
        var shown = call.World.Definition.Show(login.User);
        shown["token"] = login.Token;
        return ProfileAnswer.Ok(shown);
    }

    /// <summary>Id and names.</summary>
    public static JsonObject Named(ProfileUser user) =>
        new() { ["id"] = user.Id, ["username"] = user.Account.UserName, ["firstName"] = user.FirstName, ["lastName"] = user.LastName };
}
