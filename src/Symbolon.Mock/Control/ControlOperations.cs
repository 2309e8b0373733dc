using Symbolon.Authority;
using Symbolon.Authority.Accounts;
using Symbolon.Authority.InMemory;
using Symbolon.Authority.Operations;
using Symbolon.Authority.Ports;
using Symbolon.Mock.Clock;
using Symbolon.Sessions;

namespace Symbolon.Mock.Control;

/// <summary>What is done to sessions and accounts from outside: by the engine's own operations, and done when the verifier in this process knows of it.</summary>
internal sealed class ControlOperations(ISessionStore sessions, AccountDirectory accounts, EndSessions end, ManageAccount manage, ExpiryMarks marks)
{
    private const int Page = 500;
    private const string By = "mock";

    /// <summary>Has access tokens, or with them sessions, expire. Answers how many live sessions were concerned; null when there is no such session or user.</summary>
    public async Task<int?> ExpireAsync(MockExpiry what, SessionTarget target, CancellationToken ct)
    {
        if (await FindAsync(target, ct) is not { } found) return null;
        marks.Mark(target.IsEverybody ? null : found.Select(facts => facts.Session!.Id.ToString()));
        if (what == MockExpiry.Session)
            foreach (var facts in found) await end.OneAsync(facts.Session!.Id, owner: null, EndReason.Inactivity, by: null, ct);
        return found.Count;
    }

    /// <summary>Ends sessions. Answers how many; null when there is no such session or user.</summary>
    public async Task<int?> RevokeAsync(SessionTarget target, EndReason reason, CancellationToken ct)
    {
        if (await FindAsync(target, ct) is not { } found) return null;
        if (target.SessionId is not null)
            foreach (var facts in found) await end.OneAsync(facts.Session!.Id, owner: null, reason, By, ct);
        else if (target.IsEverybody && reason == EndReason.AllEnded)
            await end.EveryoneAsync(By, ct);
        else
            foreach (var subject in found.Select(facts => facts.Session!.Subject).Distinct()) await end.AllAsync(subject, reason, By, ct);
        return found.Count;
    }

    /// <summary>Sets a user's roles; null when there is no such user.</summary>
    public async Task<RolesResponse?> SetRolesAsync(string userName, IReadOnlyList<string> roles, CancellationToken ct)
    {
        if (await accounts.FindIdAsync(userName, ct) is not { } id) return null;
        await manage.ChangeAsync(id, new AccountChange(roles, Disabled: null, DisplayName: null, Email: null), By, ct);
        return await manage.FindAsync(id, ct) is { } now ? new RolesResponse(now.Account.UserName, now.Account.Roles, now.Subject.ClaimsVersion) : null;
    }

    /// <summary>All sessions, the newest first, with what stands above them.</summary>
    public async Task<IReadOnlyList<SessionItem>> ListAsync(CancellationToken ct)
    {
        var items = new List<SessionItem>();
        foreach (var facts in await ScanAsync(ct))
        {
            var (session, account) = (facts.Session!, await accounts.FindAsync(facts.Session!.Subject, ct));
            var over = SessionStanding.Over(session, facts.Subject, account?.Stamp, facts.Era, facts.Now);
            items.Add(new SessionItem(session.Id.ToString(), account?.UserName, over is null, over?.Code(), session.Generation, session.ExpiresAt));
        }

        items.Reverse();
        return items;
    }

    /// <summary>All users, in order of their names.</summary>
    public async Task<IReadOnlyList<UserItem>> UsersAsync(CancellationToken ct)
    {
        var all = new List<ManagedAccount>();
        SubjectId? after = null;
        do
        {
            var page = await manage.ListAsync(after, Page, ct);
            all.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
        return [.. all.Select(item => new UserItem(item.Account.UserName, item.Account.Roles)).OrderBy(item => item.Username, StringComparer.Ordinal)];
    }

    // The live sessions of a target; null when a session or user was named that there is not.
    private async Task<IReadOnlyList<SessionFacts>?> FindAsync(SessionTarget target, CancellationToken ct)
    {
        SubjectId? subject = null;
        if (target.UserName is { } name && (subject = await accounts.FindIdAsync(name, ct)) is null) return null;
        var all = await ScanAsync(ct);
        if (target.SessionId is { } id && all.All(facts => facts.Session!.Id.ToString() != id)) return null;
        return [.. all.Where(facts => (target.SessionId is not { } one || facts.Session!.Id.ToString() == one) && (subject is null || facts.Session!.Subject == subject))
            .Where(facts => SessionStanding.Over(facts.Session!, facts.Subject, facts.Session!.Stamp, facts.Era, facts.Now) is null)];
    }

    private async Task<IReadOnlyList<SessionFacts>> ScanAsync(CancellationToken ct)
    {
        var all = new List<SessionFacts>();
        IReadOnlyList<SessionFacts> page;
        do all.AddRange(page = await sessions.ScanAsync(all.Count == 0 ? null : all[^1].Session!.Id, Page, ct));
        while (page.Count == Page);
        return all;
    }
}

/// <summary>Whose sessions are meant: one, a user's, or everybody's when neither is named.</summary>
internal readonly record struct SessionTarget(string? SessionId, string? UserName)
{
    public bool IsEverybody => SessionId is null && UserName is null;

    /// <summary>What is said where it is not there.</summary>
    public string Missing => UserName is not null ? $"There is no user '{UserName}'." : $"There is no session '{SessionId}'.";
}
