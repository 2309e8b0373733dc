using Symbolon.Authority.Accounts;
using Symbolon.Authority.Ports;
using Symbolon.Sessions;

namespace Symbolon.Authority.Operations;

/// <summary>Lists sessions, a page at a time.</summary>
internal sealed class ListSessions(ISessionStore sessions)
{
    /// <summary>An account's live devices. What a changed password has ended, but no refresh has told yet, is left out.</summary>
    /// <param name="account">The account, as this request has read it.</param>
    /// <param name="before">Only sessions below this one.</param>
    /// <param name="take">The most.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<SessionPage> OfAccountAsync(Account account, SessionId? before, int take, CancellationToken ct)
    {
        var page = await PageAsync(new SessionQuery(account.Id, ClientId: null, LiveOnly: true, before, take), ct);
        return page with { Items = [.. page.Items.Where(session => session.Stamp == account.Stamp)] };
    }

    /// <summary>Any sessions, for administrators.</summary>
    public async Task<SessionPage> PageAsync(SessionQuery query, CancellationToken ct)
    {
        var rows = await sessions.ListAsync(query with { Take = query.Take + 1 }, ct);
        var items = rows.Take(query.Take).ToList();
        return new SessionPage(items, rows.Count > items.Count ? items[^1].Id : null);
    }
}

/// <summary>A page.</summary>
/// <param name="Items">Newest first.</param>
/// <param name="Next">Where the next page begins; null at the end.</param>
internal sealed record SessionPage(IReadOnlyList<Session> Items, SessionId? Next);
