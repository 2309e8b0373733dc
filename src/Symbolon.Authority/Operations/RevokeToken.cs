using Symbolon.Authority.Ports;
using Symbolon.Revocation;
using Symbolon.Sessions;

namespace Symbolon.Authority.Operations;

/// <summary>Revokes one access token by its id (RFC 7009), for the client that it was issued to. Its session goes on.</summary>
internal sealed class RevokeToken(OwnTokens tokens, ISubjectStore subjects, IRevocationLog revocations, AuthorityTelemetry telemetry)
{
    /// <summary>Revokes; what is not authentic, over, another client's or revoked already is left as it is, and nobody is told (RFC 7009 §2.2).</summary>
    /// <returns>Whether it has revoked it.</returns>
    /// <exception cref="StoreUnavailableException">Nothing was changed.</exception>
    public async Task<bool> RunAsync(string token, Client client, CancellationToken ct)
    {
        using var span = AuthorityTelemetry.Span("symbolon.revoke_token");
        if (tokens.Read(token).Claims is not { } claims || claims.ClientId != client.Id) return false;
        if (await revocations.HasTokenAsync(claims.Id, ct)) return false; // once is enough: nobody fills the log with one token

        var subject = new SubjectId(claims.Subject);
        var now = (await subjects.FindAsync(subject, ct)).Now;
        var session = SessionId.TryParse(claims.SessionId, out var id) ? id : (SessionId?)null;
        await revocations.AppendAsync(
            RevocationEntry.OfToken(claims.Id, now), new SessionEvent(EventKind.TokenRevoked, now, session, subject, Reason: claims.Id, By: claims.Subject), ct);
        telemetry.TokenRevoked(claims.Id, subject);
        return true;
    }
}
