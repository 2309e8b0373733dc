using Symbolon.Access;
using Symbolon.AspNetCore.Tests.Support;
using Symbolon.Jose;
using Symbolon.Keys;

namespace Symbolon.AspNetCore.Tests.Handler;

public sealed class TokenCheckTests : IDisposable
{
    private readonly FiringTime time = new();
    private readonly Issuer issuer;
    private readonly TestFeed feed = new();

    public TokenCheckTests() => issuer = new Issuer(time);

    public void Dispose() => issuer.Dispose();

    /// <summary>Once the view was read before the age: a token passed by the view before an entry, and by the age of the view after it.</summary>
    [Theory]
    [InlineData(WhenStale.Deny, true)]
    [InlineData(WhenStale.Ask, true)]
    [InlineData(WhenStale.Allow, true)]
    [InlineData(WhenStale.Deny, false)]
    public async Task Check_Refuses_WhenTheEntryComesWithTheProofThatTheViewIsCurrent(WhenStale whenStale, bool keysAreKnown)
    {
        var sid = Guid.NewGuid().ToString();
        var token = issuer.Token(claims => claims with { SessionId = sid });
        feed.SetAge(TimeSpan.FromMinutes(1));
        feed.BeforeAge = () =>
        {
            feed.EndSession(sid);
            feed.SetAge(TimeSpan.Zero);
        };
        VerificationKeySource keys = keysAreKnown ? issuer : new LateKeys(issuer.Current!);
        var check = new TokenCheck(Policy, new TokenCheckSources(keys, feed, new TestLive()), rememberedTokens: 0, time);

        var result = await check.CheckAsync(token, new RouteDemand(SymbolonMode.Revocable, TimeSpan.FromSeconds(5), whenStale), http: null, TestContext.Current.CancellationToken);

        Assert.Equal("token_revoked", result.Problem?.Code ?? "ok");
    }

    private static AccessTokenPolicy Policy => new() { Issuer = Issuer.Name, Audiences = [Issuer.Audience], Algorithms = [JwsAlgorithm.ES256], ClockSkew = TimeSpan.Zero, MaxTokenAge = TimeSpan.FromHours(1) };

    private sealed class LateKeys(VerificationKeys keys) : VerificationKeySource
    {
        public override VerificationKeys? Current => null;

        public override ValueTask<VerificationKeys?> RefreshAsync(CancellationToken ct) => new(keys);
    }
}
