using Microsoft.AspNetCore.Http;
using Symbolon.Authority;
using Symbolon.Authority.Accounts;
using Symbolon.Authority.Endpoints;
using Symbolon.Authority.Operations;
using Symbolon.Authority.Ports;
using Symbolon.Sessions;

namespace Symbolon.Mock.Profiles;

/// <summary>Log-in, registration and renewal of a profile: each is the engine's, with a session that can be listed, ended and expired.</summary>
internal sealed class ProfileSessions(ProfileWorld world, LogIn logIn, Register register, SymbolonAuthority authority, RefreshSession refresh, Clients clients)
{
    /// <summary>Logs in; null when it is refused.</summary>
    public async Task<ProfileLogin?> LogInAsync(ProfileCall call, string userName, string password, SessionTransport transport = SessionTransport.Body)
    {
        var command = new LogInCommand(userName, password, clients.Default, Wishes(transport), call.Http.Origin());
        return await logIn.RunAsync(command, call.Http.RequestAborted) is LogInOutcome.Issued issued ? await LoginAsync(call, issued.Tokens) : null;
    }

    /// <summary>Starts a session without a password, as an original does that does not look at it.</summary>
    public async Task<ProfileLogin?> StartAsync(ProfileCall call, ProfileUser user)
    {
        var origin = call.Http.Origin();
        return await LoginAsync(call, await authority.StartAsync(new SessionRequest(user.Account.Id) { IpAddress = origin.Address, UserAgent = origin.UserAgent }, call.Http.RequestAborted));
    }

    /// <summary>Makes an account and logs it in; null when there is one of the name already.</summary>
    public async Task<ProfileLogin?> RegisterAsync(ProfileCall call, NewAccount account)
    {
        var outcome = await register.RunAsync(account, clients.Default, Wishes(SessionTransport.Body), call.Http.Origin(), call.Http.RequestAborted);
        if (outcome is not RegisterOutcome.Created { Tokens: { } tokens }) return null;
        if (world.KeepsPasswords) world.Users.Change(account.UserName, account.UserName, facts => facts with { Password = account.Password });
        return await LoginAsync(call, tokens);
    }

    /// <summary>Exchanges a refresh token; null when it is refused, for whatever reason.</summary>
    public async Task<ProfileLogin?> RefreshAsync(ProfileCall call, string token)
    {
        var outcome = await refresh.RunAsync(new RefreshCommand(token, ClientId: null, SessionTransport.Cookie, Attempt: null), call.Http.RequestAborted);
        return outcome is RefreshOutcome.Issued issued ? await LoginAsync(call, issued.Tokens) : null;
    }

    private async Task<ProfileLogin> LoginAsync(ProfileCall call, IssuedTokens tokens)
    {
        call.Http.Features.Set(tokens.Session); // for the log
        var facts = await world.Sessions.FindAsync(tokens.Session.Id, call.Http.RequestAborted);
        var account = await world.Accounts.FindAsync(tokens.Session.Subject, call.Http.RequestAborted) ?? throw new InvalidOperationException("The account is gone.");
        var user = world.Users.Of(account);
        var binding = new ProfileTokenBinding(tokens.Session.Id.ToString(), facts.Subject?.ClaimsVersion ?? 0, tokens.IssuedAt.ToUnixTimeSeconds());
        return new ProfileLogin(tokens, user, world.Token is { } form ? form.Write(form.Claims(call, user), binding) : tokens.AccessToken);
    }

    private static StartWishes Wishes(SessionTransport transport) => new(Device: null, transport, Remember: true, Cookie: null);
}

/// <summary>A log-in.</summary>
/// <param name="Tokens">What the engine issued.</param>
/// <param name="User">Who logged in.</param>
/// <param name="Token">The token for the client: the profile's own, or the engine's access token.</param>
internal sealed record ProfileLogin(IssuedTokens Tokens, ProfileUser User, string Token)
{
    public override string ToString() => $"ProfileLogin({User.Id})";
}
