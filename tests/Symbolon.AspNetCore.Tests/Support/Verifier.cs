using System.Diagnostics.Metrics;
using Symbolon.Access;
using Symbolon.AspNetCore.Remote;

namespace Symbolon.AspNetCore.Tests.Support;

/// <summary>A verifier whose authority is elsewhere, without an application around it, on a clock that a test turns.</summary>
internal sealed class Verifier : IAsyncDisposable
{
    public const string Secret = "the secret of this verifier";

    private Verifier(RemoteSources sources, LogLines log, TokenCheck check, FiringTime time, RouteDemand demand) =>
        (Remote, Log, Check, Time, Demand) = (sources, log, check, time, demand);

    public RemoteSources Remote { get; }

    public LogLines Log { get; }

    public TokenCheck Check { get; }

    public FiringTime Time { get; }

    public RouteDemand Demand { get; }

    public RevocationFeed Feed => Remote.Feed!;

    public bool IsCurrent => Feed.Age <= Demand.MaxStaleness;

    public static RemoteSourcesOptions Options(string address, RouteDemand demand) => new()
    {
        Name = "test",
        Issuer = Tokens.Issuer,
        Metadata = new Uri($"{address}/.well-known/openid-configuration"),
        Credential = new VerifierCredential("orders", Secret, new Uri($"{address}/oauth/token")),
        Feed = new Uri($"{address}/revocations"),
        Introspection = new Uri($"{address}/oauth/introspect"),
        Verifier = "orders",
        Loosest = () => demand,
        ShortestStaleness = () => demand.MaxStaleness,
    };

    public static async Task<Verifier> StartAsync(string address, FiringTime time, WhenStale whenStale = WhenStale.Deny, Func<RemoteSourcesOptions, RemoteSourcesOptions>? change = null)
    {
        var demand = new RouteDemand(SymbolonMode.Revocable, TimeSpan.FromSeconds(5), whenStale);
        var (options, log) = (Options(address, demand), new LogLines());
        var remote = RemoteSources.Create(change?.Invoke(options) ?? options, time, log, new SymbolonMetrics(new Meters()));
        var policy = new AccessTokenPolicy { Issuer = Tokens.Issuer, Audiences = [Tokens.Audience] };
        var verifier = new Verifier(remote, log, new TokenCheck(policy, remote.Sources, rememberedTokens: 64, time), time, demand);
        var starting = remote.StartAsync(CancellationToken.None);
        await Eventually.IsAsync(() => starting.IsCompleted, "the sources have started", time);
        await starting;
        return verifier;
    }

    /// <summary>Starts, and waits until the view is current.</summary>
    public static async Task<Verifier> FollowAsync(FakeAuthority authority, FiringTime time, WhenStale whenStale = WhenStale.Deny, Func<RemoteSourcesOptions, RemoteSourcesOptions>? change = null)
    {
        var verifier = await StartAsync(authority.Address, time, whenStale, change);
        await Eventually.IsAsync(() => verifier.IsCurrent && authority.Log.Streams == 1, "the view is current", time);
        return verifier;
    }

    /// <summary>The problem's code, or ok, or ok_live.</summary>
    public async Task<string> CheckAsync(string token, SymbolonMode mode = SymbolonMode.Revocable)
    {
        var result = await Check.CheckAsync(token, Demand with { Mode = mode }, http: null, CancellationToken.None);
        return result.Problem?.Code ?? (result.IsLive ? "ok_live" : "ok");
    }

    public async ValueTask DisposeAsync()
    {
        await Remote.DisposeAsync();
        Assert.DoesNotContain(Log.All, line => line.Text.Contains(Secret, StringComparison.Ordinal) || line.Text.Contains("token-", StringComparison.Ordinal));
    }

    internal sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
            // the meters are nobody else's
        }
    }
}
