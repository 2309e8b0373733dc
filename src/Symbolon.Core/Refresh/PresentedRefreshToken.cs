using Symbolon.Sessions;

namespace Symbolon.Refresh;

/// <summary>An authentic refresh token as it was presented: what came with it, and what it proved.</summary>
/// <param name="Token">The token.</param>
/// <param name="IsProven">Whether its proof was made with the session's salt.</param>
/// <param name="ClientId">The client that presents it; null where only public clients come and none says its name (<c>/auth/refresh</c>).</param>
/// <param name="Transport">How it came.</param>
/// <param name="Attempt">Hash of the attempt id, or null.</param>
/// <param name="ProvenThumbprint">Thumbprint of the key whose possession the request proved (RFC 9449), or null.</param>
public sealed record PresentedRefreshToken(
    RefreshToken Token, bool IsProven, string? ClientId, SessionTransport Transport, Bytes16? Attempt = null, string? ProvenThumbprint = null)
{
    /// <summary>Whether it comes from somebody else than the session's client, or by the other transport.</summary>
    public bool IsForeignTo(Session session, RefreshPolicy policy) =>
        (ClientId is null ? policy.IsConfidential : ClientId != session.ClientId) || Transport != session.Transport;

    /// <summary>Whether it is the session's confirmed token.</summary>
    public bool IsConfirmedOf(Session session) => Token.Generation == session.Generation && Token.Branch == session.Branch;

    /// <summary>Whether the session's sender constraint, if it has one, is met.</summary>
    public bool MeetsConstraintOf(Session session) => session.ConfirmationThumbprint is null || session.ConfirmationThumbprint == ProvenThumbprint;
}
