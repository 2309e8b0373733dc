using Symbolon.Authority.Ports;
using Symbolon.Revocation;
using Symbolon.Sessions;

namespace Symbolon.Authority.Operations;

/// <summary>Revokes one access token by its id (RFC 7009), for the client that it was issued to. Its session goes on.</summary>
internal sealed class RevokeToken(OwnTokens tokens, ISubjectStore subjects, IRevocationLog revocations, EndSessions end, AuthorityTelemetry telemetry)
{
    /// <summary>How many tokens of one session may be revoked one by one within an entry's life. Each is an entry at every verifier, and a session can be refreshed at will: beyond this the session ends, which is one entry.</summary>
    public const int MostOfOneSession = 16;

    /// <summary>Revokes; what is not authentic, over, another client's or revoked already is left as it is, and nobody is told (RFC 7009 §2.2).</summary>
    /// <returns>Whether it has revoked it.</returns>
    /// <exception cref="StoreUnavailableException">Nothing was changed.</exception>
    public async Task<bool> RunAsync(string token, Client client, CancellationToken ct)
    {
        using var span = AuthorityTelemetry.Span("symbolon.revoke_token");
        if (tokens.Read(token).Claims is not { } claims || claims.ClientId != client.Id) return false;

        var subject = new SubjectId(claims.Subject);
        var now = (await subjects.FindAsync(subject, ct)).Now;
        var session = SessionId.TryParse(claims.SessionId, out var id) ? id : (SessionId?)null;
        var what = new SessionEvent(EventKind.TokenRevoked, now, session, subject, Reason: claims.Id, By: claims.Subject);
        switch (await revocations.AppendTokenAsync(RevocationEntry.OfToken(claims.Id, now), what, MostOfOneSession, ct))
        {
            case TokenAppend.Appended:
                telemetry.TokenRevoked(claims.Id, subject);
                return true;
            case TokenAppend.TooMany:
                return await end.OneAsync(session!.Value, subject, EndReason.Logout, claims.Subject, ct); // the token's last use was to give it up
            default:
                return false; // once is enough
        }
    }
}
