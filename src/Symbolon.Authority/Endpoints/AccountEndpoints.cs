using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.AspNetCore;
using Symbolon.Authority.Accounts;
using Symbolon.Authority.Operations;
using Symbolon.Sessions;

namespace Symbolon.Authority.Endpoints;

/// <summary>One's own account: profile, password, deletion.</summary>
internal static class AccountEndpoints
{
    public static void Map(IEndpointRouteBuilder auth)
    {
        auth.MapGet("/me", Me).WithSummary("The account.")
            .Produces<AccountResponse>().Problems(401, 503);
        auth.MapPatch("/me", ChangeMe).WithSummary("Changes display name and, with the password, e-mail address; an empty text removes one.")
            .Produces<AccountResponse>().Problems(400, 401, 403, 413, 415, 429, 503);
        auth.MapPost("/password", ChangePassword).WithSummary("Changes the password: all sessions end, the caller gets a new one. With wait: a receipt.")
            .Produces<TokenResponse>().WithReceipt(documented: false).Problems(400, 401, 403, 413, 415, 429, 503);
        auth.MapDelete("/account", Delete).WithSummary("Deletes the account and ends all its sessions. With wait: a receipt.")
            .Produces(StatusCodes.Status204NoContent).WithReceipt().Problems(400, 401, 403, 413, 415, 429, 503);
    }

    private static IResult Me(HttpContext http) => Json.Of(AccountResponse.Of(LiveSession.Of(http).Account));

    private static async Task<IResult> ChangeMe(RequestBody<ProfileRequest> body, HttpContext http, ChangeProfile change, CheckPassword passwords)
    {
        var (account, wish, ct) = (LiveSession.Of(http).Account, body.Value, http.RequestAborted);
        if (wish.Email is not null && await passwords.RunAsync(account.UserName, wish.Password!, http.Connection.RemoteIpAddress, ct) is var check and not PasswordOutcome.Accepted)
            return Problems.Of(check);
        return await change.RunAsync(account, wish.DisplayName, wish.Email, ct) switch
        {
            AccountResult.Written written => Json.Of(AccountResponse.Of(written.Account)),
            var refused => Problems.Of(refused),
        };
    }

    private static async Task<IResult> ChangePassword(
        RequestBody<PasswordRequest> body, HttpContext http, ChangePassword change, RefreshCookie cookie, CrossSiteRule crossSite)
    {
        var live = LiveSession.Of(http);
        var setsCookie = live.Session.Transport == SessionTransport.Cookie;
        if (setsCookie && !cookie.IsPossible(http.Request)) return Problems.HttpsRequired;
        if (setsCookie && !crossSite.Allows(http.Request)) return Problems.CrossSite;
        var outcome = await change.RunAsync(live.Session, live.Account, body.Value.CurrentPassword!, body.Value.NewPassword!, http.Origin(), http.RequestAborted);
        return outcome switch
        {
            ChangePasswordOutcome.Changed changed => new TokenResult(changed.Tokens),
            ChangePasswordOutcome.Refused refused => Problems.Of(refused.Why),
            ChangePasswordOutcome.Weak weak => Problems.Of(weak.Why),
            _ => Problems.Unavailable,
        };
    }

    private static async Task<IResult> Delete(RequestBody<DeleteAccountRequest> body, HttpContext http, DeleteAccount delete, CookieJar jar)
    {
        var account = LiveSession.Of(http).Account;
        if (await delete.RunAsync(account, body.Value.Password!, http.Connection.RemoteIpAddress, http.RequestAborted) is { } why) return Problems.Of(why);
        await jar.ClearOfAsync(http, session => session.Subject == account.Id);
        return Results.NoContent();
    }
}
