using Symbolon.Authority.Ports;
using Symbolon.Refresh;
using Symbolon.Sessions;

namespace Symbolon.Authority.Operations;

/// <summary>Ends the session of whoever can show a token of it. What is unknown or has ended is fine; a refresh token by a wrong proof or of another client ends nothing.</summary>
internal sealed class LogOut(ISessionStore sessions, RefreshRules rules, Clients clients, EndSessions end)
{
    /// <summary>Which session a refresh token stands for; null when it is not authentic, unproven, foreign or unknown.</summary>
    /// <exception cref="StoreUnavailableException">The token's key is not known here (yet).</exception>
    public async Task<Session?> FindAsync(string token, string? clientId, SessionTransport transport, CancellationToken ct)
    {
        switch (RefreshToken.Read(token, rules.Keys, out var read))
        {
            case RefreshTokenReading.NotAuthentic: return null;
            case RefreshTokenReading.UnknownKey: throw new StoreUnavailableException("A refresh token's MAC key is not known here.");
        }

        var facts = await sessions.FindAsync(read.Token.Session, ct);
        if (facts.Session is not { } session || !rules.IsProven(facts, read)) return null;
        var presented = new PresentedRefreshToken(read.Token, IsProven: true, clientId, transport);
        var policy = clients.Find(session.ClientId)?.Refresh ?? new RefreshPolicy(); // whoever holds a token may end its session, also when the client is gone
        return presented.IsForeignTo(session, policy) ? null : session;
    }

    /// <summary>Ends it.</summary>
    public Task<bool> RunAsync(SessionId session, string by, CancellationToken ct) => end.OneAsync(session, owner: null, EndReason.Logout, by, ct);
}
