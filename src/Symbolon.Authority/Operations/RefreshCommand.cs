using Symbolon.Sessions;

namespace Symbolon.Authority.Operations;

/// <summary>A refresh as it was asked for.</summary>
/// <param name="Token">The refresh token: untrusted, of any length.</param>
/// <param name="ClientId">The authenticated or named client; null at the endpoint where only public clients come.</param>
/// <param name="Transport">How the token came.</param>
/// <param name="Attempt">Hash of the attempt id, or null.</param>
internal sealed record RefreshCommand(string Token, string? ClientId, SessionTransport Transport, Bytes16? Attempt)
{
    public override string ToString() => nameof(RefreshCommand); // a record would print its token
}
