using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Symbolon.Access;
using Symbolon.AspNetCore;
using Symbolon.Authority.Accounts;
using Symbolon.Authority.Operations;
using Symbolon.Authority.Ports;
using Symbolon.Mock.Clock;
using Symbolon.Sessions;

namespace Symbolon.Mock.Profiles;

/// <summary>Finds out who calls a profile. The engine's tokens go through the engine's handler; a profile's own are verified here, and then the engine is asked whether their session is alive, as it is asked for its own.</summary>
internal sealed class ProfileCallers(ProfileTokenForm? form, ProfileUsers users, SessionLiveCheck live, ISessionStore sessions, AccountDirectory accounts, ExpiryMarks marks)
{
    public async Task<ProfileCaller?> FindAsync(ProfileCall call)
    {
        if (form is null)
        {
            var result = await call.Http.AuthenticateAsync(SymbolonDefaults.AuthenticationScheme);
            if (!result.Succeeded) return Refuse(call, result.Failure?.Message);
        }
        else if (form.Read(call) is not { Length: > 0 } token) return Refuse(call, code: null);
        else if (await RefusalAsync(call, token) is { } failure) return Refuse(call, failure.Code());

        var session = LiveSession.Of(call.Http);
        return new ProfileCaller(users.Of(session.Account), session.Session);
    }

    private async Task<AccessTokenFailure?> RefusalAsync(ProfileCall call, string token)
    {
        if (form!.Verify(token) is not { } binding) return AccessTokenFailure.Signature;
        if (!SessionId.TryParse(binding.SessionId, out var id)) return AccessTokenFailure.Claims;
        var facts = await sessions.FindAsync(id, call.Http.RequestAborted);
        if (facts.Session is not { } session) return AccessTokenFailure.Revoked;
        if (binding.ExpiresAt <= facts.Now.ToUnixTimeSeconds() || marks.Covers(binding.SessionId, binding.IssuedAt)) return AccessTokenFailure.Expired;

        var answer = await live.AskAsync(new LiveQuestion("", new AuthenticToken(await ClaimsAsync(session, binding), kid: ""), call.Http), call.Http.RequestAborted);
        if (answer.Failure is null) call.Http.User = Principal(session);
        return answer.Failure;
    }

    // The claims that one of the engine's own tokens of the session would have.
    private async Task<AccessTokenClaims> ClaimsAsync(Session session, ProfileTokenBinding binding) => new()
    {
        Issuer = "",
        Audience = [],
        Subject = session.Subject.Value,
        SessionId = binding.SessionId,
        ClientId = session.ClientId,
        Id = binding.SessionId,
        IssuedAt = DateTimeOffset.FromUnixTimeSeconds(binding.IssuedAt),
        ExpiresAt = session.EndsAt,
        Roles = (await accounts.FindAsync(session.Subject, CancellationToken.None))?.Roles ?? [],
        ClaimsVersion = binding.ClaimsVersion,
    };

    // For the log, which asks whose request it was.
    private static ClaimsPrincipal Principal(Session session) => new(new ClaimsIdentity(
        [new Claim("sub", session.Subject.Value), new Claim(SymbolonDefaults.SessionClaim, session.Id.ToString())], nameof(ProfileCallers), "sub", SymbolonDefaults.RoleClaim));

    // The original has its own words, or none; the log has the engine's code.
    private static ProfileCaller? Refuse(ProfileCall call, string? code)
    {
        call.Http.Features.Set(code is null ? AccessTokenProblems.Missing : AccessTokenProblems.Missing with { Code = code });
        return null;
    }
}
