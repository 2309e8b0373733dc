using Symbolon.Access;
using Symbolon.AspNetCore;
using Symbolon.Authority.Ports;
using Symbolon.Sessions;

namespace Symbolon.Authority.Operations;

/// <summary>Live checks of clients' own tokens, which have no session: the client, the era, and what was revoked one by one.</summary>
internal sealed class ClientLiveCheck(Clients clients, ISubjectStore subjects, IRevocationLog revocations)
{
    public async ValueTask<LiveAnswer> AskAsync(AccessTokenClaims claims, CancellationToken ct)
    {
        if (claims.SessionId is not null || claims.Subject != claims.ClientId) return new LiveAnswer(AccessTokenFailure.Claims);
        if (clients.Find(claims.ClientId) is not { IsConfidential: true } client) return new LiveAnswer(AccessTokenFailure.Revoked);

        var facts = await subjects.FindAsync(new SubjectId(claims.Subject), ct);
        if ((claims.Era ?? 0) < facts.Era) return new LiveAnswer(AccessTokenFailure.Revoked, EndReason.AllEnded.Code());
        if (await revocations.HasTokenAsync(claims.Id, ct)) return new LiveAnswer(AccessTokenFailure.Revoked);
        return client.Has(claims.Scope) ? default : new LiveAnswer(AccessTokenFailure.ClaimsStale); // a new token has what the client may still have
    }
}
