using Symbolon.Refresh;
using Symbolon.Sessions;

namespace Symbolon.Authority.Operations;

/// <summary>What a refresh is decided by: the MAC keys, the clients' policies, the lifetimes.</summary>
internal sealed class RefreshRules(RefreshTokenKeys keys, Clients clients, SessionLifetime lifetime)
{
    public RefreshTokenKeys Keys => keys;

    public RefreshDecision Decide(SessionFacts facts, Bytes16? stamp, AuthenticRefreshToken read, RefreshCommand command)
    {
        var presented = new PresentedRefreshToken(read.Token, IsProven(facts, read), command.ClientId, command.Transport, command.Attempt);
        var policy = clients.PolicyOf(facts.Session?.ClientId ?? "");
        return RefreshRotation.Decide(facts, stamp, presented, policy, lifetime);
    }

    public bool IsProven(SessionFacts facts, AuthenticRefreshToken read) =>
        facts.Session is { } session && RefreshToken.IsProven(read, session.Salt, keys);
}
