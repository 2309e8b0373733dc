using Symbolon.AspNetCore;
using Symbolon.Revocation;

namespace Symbolon.Gateway.Support;

/// <summary>A feed that a test writes and ages.</summary>
internal sealed class GivenFeed : RevocationFeed
{
    private volatile RevocationView view = RevocationView.None;

    public TimeSpan AgeNow { get; set; }

    public override RevocationView View => view;

    public override TimeSpan Age => AgeNow;

    public void RevokeToken(string jti) => view = view with { Denylist = view.Denylist.With([RevocationEntry.OfToken(jti, TimeProvider.System.GetUtcNow())]) };
}
