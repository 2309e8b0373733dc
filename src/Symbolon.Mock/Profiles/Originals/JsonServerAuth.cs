using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Symbolon.Access;
using Symbolon.AspNetCore;
using Symbolon.Authority.Accounts;
using Symbolon.Mock.Data;

namespace Symbolon.Mock.Profiles.Originals;

/// <summary>Log-in and registration in front of json-server: what <see cref="FakeApiJwtJsonServer"/> and <see cref="FullMocksApi"/> share.</summary>
internal static class JsonServerAuth
{
    public const string Url = "http://localhost:8000", Secret = "123456789";

    /// <summary>How long its tokens live.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>Every path outside <c>/auth</c> needs a token; then json-server answers.</summary>
    public static ProfileRoute Rest { get; } = ProfileRoute.Otherwise(Data) with { IsAnonymous = false };

    private static async Task<ProfileAnswer> Data(ProfileCall call)
    {
        if (!call.Http.Request.Path.StartsWithSegments("/auth", StringComparison.OrdinalIgnoreCase) && await call.CallerAsync() is null) return Refused(Why(call));
        var segments = DataEndpoint.Segments(call.Http.Request.Path, "")!;
        return new ProfileAnswer(200) { Write = http => DataEndpoint.AnswerAsync(http, call.World.Data!, segments, call.Body) };
    }

    /// <summary>401 as both write it.</summary>
    public static ProfileAnswer Refused(string message) => new(401, new JsonObject { ["status"] = 401, ["message"] = message });

    /// <summary>The account that a registration asks for; null when it names none.</summary>
    public static NewAccount? Account(ProfileCall call) => (call.Text("email"), call.Text("password"), call.Text("name")) is ({ Length: > 0 } email, { Length: > 0 } password, var name)
        ? new NewAccount(email, password, email, name.Length > 0 ? name : null, Roles: []) : null;

    // The original cannot revoke, and so never says its third sentence.
    private static string Why(ProfileCall call) =>
        call.Http.Request.Headers.Authorization.ToString().Split(' ')[0] != "Bearer" ? "Error in authorization format"
        : call.Http.Features.Get<SymbolonProblem>()?.Code == AccessTokenFailure.Revoked.Code() ? "Error access_token is revoked"
        : "Access token not provided";
}
