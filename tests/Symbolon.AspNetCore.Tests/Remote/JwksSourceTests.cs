using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Symbolon.AspNetCore.Tests.Support;
using Symbolon.Revocation;

namespace Symbolon.AspNetCore.Tests.Remote;

public sealed class JwksSourceTests : IAsyncLifetime
{
    private readonly FiringTime time = new();
    private readonly Tokens keys = new();
    private FakeAuthority authority = null!;

    public async ValueTask InitializeAsync() => (authority = await FakeAuthority.StartAsync(time)).Jwks = keys.Jwks;

    public ValueTask DisposeAsync() => authority.DisposeAsync();

    [Fact]
    public async Task Keys_AreTheSameInstance_WhileTheyAreTheSame()
    {
        await using var verifier = await Verifier.StartAsync(authority.Address, time);
        var before = verifier.Remote.Sources.Keys.Current;

        time.Advance(TimeSpan.FromMinutes(6));
        await Eventually.IsAsync(() => authority.Count("GET /jwks") == 2, "they were renewed", time);
        await Eventually.PassAsync(time, TimeSpan.FromSeconds(1));

        Assert.Same(before, verifier.Remote.Sources.Keys.Current);
    }

    [Fact]
    public async Task UnknownKey_CausesOneFetchInTenSeconds_WhoeverAsks()
    {
        await using var verifier = await Verifier.FollowAsync(authority, time);
        var stranger = new Tokens("k9");

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => verifier.CheckAsync(stranger.Make(time.GetUtcNow())))));

        Assert.All(answers, answer => Assert.Equal("token_key", answer));
        Assert.Equal(2, authority.Count("GET /jwks"));
        authority.Jwks = Tokens.JwksOf(keys, stranger);
        Assert.Equal("token_key", await verifier.CheckAsync(stranger.Make(time.GetUtcNow())));
        await Eventually.PassAsync(time, TimeSpan.FromSeconds(10));
        Assert.Equal("ok", await verifier.CheckAsync(stranger.Make(time.GetUtcNow())));
        Assert.Equal(3, authority.Count("GET /jwks"));
    }

    [Fact]
    public async Task Keys_GoOnBeingUsed_WhenTheIssuerIsDown()
    {
        await using var verifier = await Verifier.FollowAsync(authority, time, WhenStale.Allow);
        await authority.DisposeAsync();

        time.Advance(TimeSpan.FromMinutes(10));
        await Eventually.IsAsync(() => verifier.Log.Has(2002), "a fetch has failed", time);

        Assert.Equal("ok", await verifier.CheckAsync(keys.Make(time.GetUtcNow())));
    }

    public static TheoryData<string, string> BadSets => new()
    {
        { "not JSON", "nonsense" },
        { "empty", """{"keys":[]}""" },
        { "private member", Private() },
        { "no algorithm", new Tokens("k2").Jwks.Replace("\"alg\":\"ES256\",", "", StringComparison.Ordinal) },
        { "duplicate kid", Tokens.JwksOf(new Tokens("a"), new Tokens("b")).Replace("\"b\"", "\"a\"", StringComparison.Ordinal) },
        { "curve and algorithm disagree", new Tokens("k2").Jwks.Replace("\"ES256\"", "\"ES384\"", StringComparison.Ordinal) },
        { "weak", """{"keys":[{"kty":"RSA","alg":"RS256","kid":"k2","e":"AQAB","n":"N"}]}""".Replace("\"N\"", $"\"w{new string('A', 169)}E\"", StringComparison.Ordinal) }, // 1,024 bits
        { "huge", "{\"keys\":[" + new string(' ', 300_000) + "]}" },
    };

    [Theory]
    [MemberData(nameof(BadSets))]
    public async Task Keys_StayAsTheyAre_WhenTheSetMustBeRefused(string what, string jwks)
    {
        await using var verifier = await Verifier.FollowAsync(authority, time);
        authority.Jwks = jwks;

        Assert.Equal("token_key", await verifier.CheckAsync(new Tokens("k2").Make(time.GetUtcNow())));

        Assert.True(verifier.Log.Has(2003) || verifier.Log.Has(2002), what);
        Assert.Equal("ok", await verifier.CheckAsync(keys.Make(time.GetUtcNow())));
    }

    [Fact]
    public async Task Algorithm_IsDerived_WhenThatIsAskedFor()
    {
        authority.Jwks = keys.Jwks.Replace("\"alg\":\"ES256\",", "", StringComparison.Ordinal);
        await using var verifier = await Verifier.FollowAsync(authority, time, change: options => options with { DerivesAlgorithms = true });

        Assert.Equal("ok", await verifier.CheckAsync(keys.Make(time.GetUtcNow())));
    }

    [Theory]
    [InlineData("{\"issuer\":\"https://evil.example\",\"jwks_uri\":\"ADDRESS/jwks\"}", 2003)]
    [InlineData("{\"issuer\":\"https://auth.example\"}", 2003)]
    [InlineData("{\"issuer\":\"https://auth.example\",\"jwks_uri\":\"http://keys.example/jwks\"}", 2003)]
    [InlineData("[]", 2003)]
    public async Task Keys_AreNotBelieved_WhenTheMetadataAreWrong(string metadata, int logged)
    {
        authority.Instead = async http =>
        {
            if (http.Request.Path != "/.well-known/openid-configuration") return false;
            await FakeAuthority.JsonAsync(http, metadata.Replace("ADDRESS", authority.Address, StringComparison.Ordinal));
            return true;
        };
        await using var verifier = await Verifier.StartAsync(authority.Address, time);

        Assert.Equal("unavailable", await verifier.CheckAsync(keys.Make(time.GetUtcNow())));
        Assert.True(verifier.Log.Has(logged));
        Assert.Equal(0, authority.Count("GET /jwks"));
    }

    [Fact]
    public async Task Keys_GoOnBeingRenewed_AfterMetadataWithALoneSurrogate()
    {
        var isBad = false;
        authority.Instead = async http =>
        {
            if (!isBad || http.Request.Path != "/.well-known/openid-configuration") return false;
            await FakeAuthority.JsonAsync(http, """{"issuer":"\ud800","jwks_uri":"https://x"}""");
            return true;
        };
        await using var verifier = await Verifier.FollowAsync(authority, time, WhenStale.Allow);
        isBad = true;
        // The address is kept for an hour. A renewal that begins while the clock is being turned may still find it; the next may not.
        await Eventually.WithinAsync(() => verifier.Log.Has(2003), "they were refused", time, step: TimeSpan.FromMinutes(61), steps: 2);
        isBad = false;
        authority.Jwks = new Tokens("k2").Jwks;

        await AreRenewedAsync(verifier);

        Assert.Equal("token_key", await verifier.CheckAsync(keys.Make(time.GetUtcNow()), SymbolonMode.Offline));
    }

    [Fact]
    public async Task Keys_GoOnBeingRenewed_AfterAnExceptionOfAnotherHandler()
    {
        using var handler = new Throwing { InnerHandler = new SocketsHttpHandler() };
        await using var verifier = await Verifier.FollowAsync(authority, time, WhenStale.Allow, options => options with { Backchannel = handler });
        handler.IsOn = true;
        time.Advance(TimeSpan.FromMinutes(6));
        await Eventually.IsAsync(() => verifier.Log.Has(2002), "a fetch has failed", time);
        handler.IsOn = false;

        await AreRenewedAsync(verifier);

        await Eventually.IsAsync(() => verifier.IsCurrent, "the view is current again", time);
        Assert.DoesNotContain(verifier.Log.All, line => line.Text.Contains(Throwing.Said, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Health_IsDegraded_WhenKeysCannotBeRenewedForLong()
    {
        await using var verifier = await Verifier.FollowAsync(authority, time);
        var sources = verifier.Remote.Sources;
        Assert.Equal(HealthStatus.Healthy, SourcesHealth.Of(sources, verifier.Demand).Status);
        authority.Jwks = null;

        time.Advance(TimeSpan.FromMinutes(20));
        await Eventually.IsAsync(() => verifier.IsCurrent && verifier.Log.Has(2002), "the view is current again, and a fetch has failed", time);

        Assert.Equal(HealthStatus.Degraded, SourcesHealth.Of(sources, verifier.Demand).Status);
        authority.Jwks = keys.Jwks;
        await Eventually.IsAsync(() => SourcesHealth.Of(sources, verifier.Demand).Status == HealthStatus.Healthy, "they are renewed", time);
    }

    private async Task AreRenewedAsync(Verifier verifier)
    {
        var before = authority.Count("GET /jwks");
        await Eventually.IsAsync(() => authority.Count("GET /jwks") > before && verifier.Remote.Sources.Keys.Age < TimeSpan.FromMinutes(1), "they are renewed", time);
    }

    private sealed class Throwing : DelegatingHandler
    {
        public const string Said = "a policy of the application's own";
        public volatile bool IsOn;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            IsOn ? throw new TimeoutException(Said) : base.SendAsync(request, cancellationToken);
    }

    [Fact]
    public async Task Keys_AreNotFetchedElsewhere_WhenTheIssuerRedirects()
    {
        await using var other = await FakeAuthority.StartAsync(time);
        other.Jwks = keys.Jwks;
        authority.Instead = http =>
        {
            http.Response.Redirect($"{other.Address}{http.Request.Path}");
            return Task.FromResult(true);
        };
        await using var verifier = await Verifier.StartAsync(authority.Address, time);

        Assert.Equal("unavailable", await verifier.CheckAsync(keys.Make(time.GetUtcNow())));
        Assert.Empty(other.Asked);
    }

    [Fact]
    public async Task Check_Is503_WhenTheIssuerIsSlow_AndPassesWithInitialKeys()
    {
        var held = new TaskCompletionSource();
        authority.Instead = async http =>
        {
            if (http.Request.Path == "/jwks") await held.Task.WaitAsync(http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return false;
        };
        await using var without = await Verifier.StartAsync(authority.Address, time);
        await using var with = await Verifier.StartAsync(authority.Address, time, WhenStale.Allow, options => options with { InitialJwks = keys.Jwks });

        var check = without.CheckAsync(keys.Make(time.GetUtcNow()));
        await Eventually.IsAsync(() => check.IsCompleted, "the fetch was given up", time);

        Assert.Equal("unavailable", await check);
        Assert.Equal("ok", await with.CheckAsync(keys.Make(time.GetUtcNow())));
        held.SetResult();
    }

    [Fact]
    public async Task Key_IsNeverBelievedAgain_WhenItWasRemoved()
    {
        await using var verifier = await Verifier.FollowAsync(authority, time);
        var token = keys.Make(time.GetUtcNow());
        Assert.Equal("ok", await verifier.CheckAsync(token));

        authority.Log.Append(RevocationEntry.OfKey(keys.Kid, time.GetUtcNow()));

        await Eventually.IsAsync(() => verifier.Remote.Sources.Keys.Current!.Count == 0, "the key is gone");
        Assert.Equal("token_key", await verifier.CheckAsync(token));
        await Eventually.PassAsync(time, TimeSpan.FromSeconds(11));
        Assert.Equal("token_key", await verifier.CheckAsync(token)); // still published, and fetched again
        Assert.Equal(0, verifier.Remote.Sources.Keys.Current!.Count);
    }

    private static string Private() =>
        new Tokens("k2").Jwks.Replace("\"kid\":", "\"d\":\"AAAA\",\"kid\":", StringComparison.Ordinal);
}
