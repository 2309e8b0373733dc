using Symbolon.Edge.Processes;

namespace Symbolon.Edge.Histories;

/// <summary>Every call of the authority that revokes, each with a receipt. Accounts are made beforehand, with as many sessions as the call needs.</summary>
internal sealed class RevokingCalls(Recorder recorder, AuthorityCalls authority, SignedIn administrator, IReadOnlyDictionary<string, SignedIn> sessions)
{
    private const string Wait = "wait=2s", Revoked = "token_revoked", Stale = "claims_stale";

    /// <summary>One session, by its refresh token.</summary>
    public Task<Revoking> LogOutAsync(string one) =>
        Call("logout", [one], Revoked, HttpMethod.Post, $"/auth/logout?{Wait}", body: new { refresh_token = sessions[one].RefreshToken });

    /// <summary>One session, by its access token.</summary>
    public Task<Revoking> LogOutByAccessTokenAsync(string one) => Call("logout by access token", [one], Revoked, HttpMethod.Post, $"/auth/logout?{Wait}", one);

    /// <summary>One session, as RFC 7009 has it.</summary>
    public Task<Revoking> RevokeAsync(string one) => Call(
        "oauth/revoke", [one], Revoked, HttpMethod.Post, $"/oauth/revoke?{Wait}",
        body: new Dictionary<string, string> { ["token"] = sessions[one].RefreshToken, ["client_id"] = "web" });

    /// <summary>Another session of the same account.</summary>
    public Task<Revoking> EndOneAsync(string by, string other) =>
        Call("end one of mine", [other], Revoked, HttpMethod.Delete, $"/auth/sessions/{sessions[other].Session}?{Wait}", by);

    /// <summary>All other sessions of the same account; one's own goes on.</summary>
    public Task<Revoking> EndOthersAsync(string by, params string[] others) => Call("end others", others, Revoked, HttpMethod.Delete, $"/auth/sessions?scope=others&{Wait}", by);

    /// <summary>All sessions of the account.</summary>
    public Task<Revoking> EndAllOfMineAsync(params string[] all) => Call("end all of mine", all, Revoked, HttpMethod.Delete, $"/auth/sessions?scope=all&{Wait}", all[0]);

    /// <summary>All sessions of the account, which gets another password.</summary>
    public Task<Revoking> ChangePasswordAsync(params string[] all) => Call(
        "change password", all, Revoked, HttpMethod.Post, $"/auth/password?{Wait}", all[0], new { current_password = Seed.Password, new_password = "another correct horse" });

    /// <summary>All sessions of the account, and the account.</summary>
    public Task<Revoking> DeleteAccountAsync(params string[] all) =>
        Call("delete account", all, Revoked, HttpMethod.Delete, $"/auth/account?{Wait}", all[0], new { password = Seed.Password });

    /// <summary>One session, by an administrator.</summary>
    public Task<Revoking> EndByAdministratorAsync(string one) => Admin("admin ends one", [one], Revoked, HttpMethod.Delete, $"/admin/sessions/{sessions[one].Session}?{Wait}");

    /// <summary>All sessions of an account, by an administrator.</summary>
    public Task<Revoking> EndAccountAsync(params string[] all) => Admin(
        "admin ends an account's", all, Revoked, HttpMethod.Post, $"/admin/users/{sessions[all[0]].Subject}/end-sessions?{Wait}", new { soft = false });

    /// <summary>An account's claims are no longer what its tokens say.</summary>
    public Task<Revoking> ChangeClaimsAsync(params string[] all) => Admin(
        "admin changes claims", all, Stale, HttpMethod.Post, $"/admin/users/{sessions[all[0]].Subject}/end-sessions?{Wait}", new { soft = true });

    /// <summary>An account's roles change.</summary>
    public Task<Revoking> ChangeRolesAsync(params string[] all) =>
        Admin("admin changes roles", all, Stale, HttpMethod.Patch, $"/admin/users/{sessions[all[0]].Subject}?{Wait}", new { roles = new[] { "clerk" } });

    /// <summary>An account is disabled.</summary>
    public Task<Revoking> DisableAsync(params string[] all) =>
        Admin("admin disables", all, Revoked, HttpMethod.Patch, $"/admin/users/{sessions[all[0]].Subject}?{Wait}", new { disabled = true });

    /// <summary>Everyone's sessions.</summary>
    public Task<Revoking> EndEveryoneAsync() => Admin("admin ends everyone's", sessions.Keys, Revoked, HttpMethod.Post, $"/admin/end-all?{Wait}");

    private Task<Revoking> Admin(string name, IEnumerable<string> tokens, string refusal, HttpMethod method, string path, object? body = null) =>
        recorder.RevokeAsync(name, tokens, refusal, () => authority.RequireAsync(method, path, administrator.AccessToken, body));

    private Task<Revoking> Call(string name, string[] tokens, string refusal, HttpMethod method, string path, string? by = null, object? body = null) =>
        recorder.RevokeAsync(name, tokens, refusal, () => authority.RequireAsync(method, path, by is null ? null : sessions[by].AccessToken, body));
}
