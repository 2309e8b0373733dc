using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Symbolon.AspNetCore.Tests.Support;
using Symbolon.Revocation;

namespace Symbolon.AspNetCore.Tests.Scheme;

public sealed class SchemeTests : IAsyncLifetime
{
    private readonly FiringTime time = new();
    private readonly Tokens keys = new();
    private FakeAuthority authority = null!;

    public async ValueTask InitializeAsync() => (authority = await FakeAuthority.StartAsync(time)).Jwks = keys.Jwks;

    public ValueTask DisposeAsync() => authority.DisposeAsync();

    [Fact]
    public async Task Api_ObeysALogOut_WithFourLinesOfOptions()
    {
        await using var app = await App.StartAsync(Configure, time);
        await Eventually.IsAsync(() => app.Feed().Age < TimeSpan.FromSeconds(5), "the view is current", time);
        var token = keys.Make(time.GetUtcNow());
        Assert.Equal((200, "u1"), await app.GetAsync("/orders", token));
        Assert.Equal((401, "token_missing"), await app.GetAsync("/orders"));
        Assert.Equal((200, "Healthy"), await app.GetAsync("/health"));

        authority.Log.Append(new RevocationEntry(RevocationKind.Session, "s1", 0, time.GetUtcNow(), time.GetUtcNow() + RevocationEntry.Life, "logout"));

        await Eventually.IsAsync(() => app.Feed().View.Seq == 1, "the entry has come");
        Assert.Equal((401, "token_revoked"), await app.GetAsync("/orders", token));
    }

    [Fact]
    public async Task Options_AreReadFromTheConfiguration_UnderTheSchemesName()
    {
        var section = "Authentication:Schemes:Symbolon:";
        await using var app = await App.StartAsync(configure: null, time, settings: new Dictionary<string, string?>
        {
            [section + "Authority"] = authority.Address, [section + "Issuer"] = Tokens.Issuer, [section + "Audiences:0"] = Tokens.Audience, [section + "ClientId"] = "orders",
            [section + "ClientSecret"] = "s", [section + "WhenStale"] = "Deny", [section + "MaxStaleness"] = "00:00:03", [section + "Algorithms:0"] = "ES256",
        });
        await Eventually.IsAsync(() => app.Feed().Age < TimeSpan.FromSeconds(3), "the view is current", time);

        var options = app.Services.GetRequiredService<IOptionsMonitor<SymbolonOptions>>().Get("Symbolon");

        Assert.Equal((WhenStale.Deny, TimeSpan.FromSeconds(3)), (options.WhenStale, options.MaxStaleness));
        Assert.Single(options.Algorithms);
        Assert.Equal((200, "u1"), await app.GetAsync("/orders", keys.Make(time.GetUtcNow())));
    }

    [Fact]
    public async Task Options_LeaveNothingBehind_HoweverOftenTheyAreMade()
    {
        await using var app = await App.StartAsync(Configure, time);
        var connections = app.Services.GetRequiredService<IOptionsMonitor<SymbolonOptions>>().Get("Symbolon").Connections;
        for (var i = 0; i < 100; i++)
        {
            using var scope = app.Services.CreateScope();
            Assert.Same(connections, scope.ServiceProvider.GetRequiredService<IOptionsSnapshot<SymbolonOptions>>().Get("Symbolon").Connections);
        }

        Assert.Equal(1, app.Services.GetRequiredService<OpenConnections>().Count);
    }

    [Fact]
    public async Task Start_IsRefused_WhenTheConfigurationHasAnUnknownKey() => await Assert.ThrowsAsync<InvalidOperationException>(() => App.StartAsync(Configure, time, settings: new Dictionary<string, string?>
    {
        ["Authentication:Schemes:Symbolon:WenStale"] = "Deny",
    }));

    public static TheoryData<string, Action<SymbolonOptions>> Mistakes => new()
    {
        { "set Authority", o => o.Authority = null },
        { "Authority must be an https address", o => o.Authority = "http://auth.example" },
        { "Authority must be an https address", o => o.Authority = "auth.example" },
        { "Authority must be an https address", o => o.Authority = "https://name:word@auth.example" },
        { "JwksUri must be an https address", o => o.JwksUri = new Uri("http://auth.example/jwks") },
        { "RevocationUri must be an https address", o => o.RevocationUri = new Uri("http://auth.example/revocations") },
        { "set Audience", o => o.Audience = null },
        { "set ClientId and ClientSecret", o => o.ClientId = null },
        { "set ClientId and ClientSecret", o => o.ClientSecret = "" },
        { "set ClientId and ClientSecret", o => (o.Mode, o.ClientId) = (SymbolonMode.Live, null) },
        { "HS256", o => o.Algorithms.Add(Symbolon.Jose.JwsAlgorithm.HS256) },
        { "MaxStaleness", o => o.MaxStaleness = TimeSpan.Zero },
        { "MaxTokenAge", o => o.MaxTokenAge = TimeSpan.Zero },
        { "ClockSkew", o => o.ClockSkew = TimeSpan.FromHours(1) },
        { "RememberedTokens", o => o.RememberedTokens = -1 },
        { "InitialJwks", o => o.InitialJwks = "nonsense" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task Start_IsRefused_AndSaysWhatToWrite(string says, Action<SymbolonOptions> mistake)
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => App.StartAsync(Configured(mistake), time));

        Assert.Contains($"Authentication:Schemes:Symbolon: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Offline_NeedsNoCredential_AndAsksForNothingButKeys()
    {
        await using var app = await App.StartAsync(o => (o.Authority, o.Issuer, o.Audience, o.Mode) = (authority.Address, Tokens.Issuer, Tokens.Audience, SymbolonMode.Offline), time);

        Assert.Equal((200, "u1"), await app.GetAsync("/orders", keys.Make(time.GetUtcNow())));
        Assert.Equal((200, "Healthy"), await app.GetAsync("/health"));
        Assert.Equal(["GET /.well-known/openid-configuration", "GET /jwks"], authority.Asked);
    }

    [Fact]
    public async Task Sources_AreMadeOnceForEachName_WhateverBecomesOfTheOptions()
    {
        await using var app = await App.StartAsync(Configure, time);
        var (feed, cache) = (app.Feed(), app.Services.GetRequiredService<IOptionsMonitorCache<SymbolonOptions>>());

        cache.Clear();

        Assert.Same(feed, app.Feed());
    }

    [Fact]
    public async Task Authorities_AreTwo_WhenThereAreTwoSchemes()
    {
        const string Other = "https://other.example";
        await using var second = await FakeAuthority.StartAsync(time);
        var strangers = new Tokens("k1");
        (second.Jwks, second.Issuer) = (strangers.Jwks, Other);
        await using var app = await App.StartAsync(
            configure: null, time,
            application => application.MapGet("/partner", () => "in").RequireSymbolon(new SymbolonModeAttribute(SymbolonMode.Revocable) { Scheme = "Partner" }),
            more: builder => builder.AddSymbolon(Configure).AddSymbolon("Partner", o =>
            {
                Configure(o);
                (o.Authority, o.Issuer) = (second.Address, Other);
            }));
        await Eventually.IsAsync(() => app.Feed("Partner").Age < TimeSpan.FromSeconds(5) && app.Feed().Age < TimeSpan.FromSeconds(5), "both views are current", time);
        second.Log.Append(new RevocationEntry(RevocationKind.Session, "s1", 0, time.GetUtcNow(), time.GetUtcNow() + RevocationEntry.Life, "logout"));
        await Eventually.IsAsync(() => app.Feed("Partner").View.Seq == 1, "the entry has come");

        Assert.Equal((200, "u1"), await app.GetAsync("/orders", keys.Make(time.GetUtcNow())));
        Assert.Equal((401, "token_revoked"), await app.GetAsync("/partner", strangers.Make(time.GetUtcNow(), issuer: Other)));
        Assert.Equal((200, "in"), await app.GetAsync("/partner", strangers.Make(time.GetUtcNow(), session: "s2", issuer: Other)));
        Assert.Equal(401, (await app.GetAsync("/partner", keys.Make(time.GetUtcNow()))).Status);
    }

    [Theory]
    [InlineData(WhenStale.Deny, 503, "view_stale", "Unhealthy")]
    [InlineData(WhenStale.Ask, 503, "view_stale", "Degraded")]
    [InlineData(WhenStale.Allow, 200, "u1", "Degraded")]
    public async Task Start_DoesNotNeedTheAuthority_WhenKeysAreAtHand(WhenStale whenStale, int status, string says, string health)
    {
        await authority.DisposeAsync();
        await using var app = await App.StartAsync(Configured(o => (o.WhenStale, o.InitialJwks) = (whenStale, keys.Jwks)), time);

        Assert.Equal((status, says), await app.GetAsync("/orders", keys.Make(time.GetUtcNow())));
        Assert.Equal(health, (await app.GetAsync("/health")).Code);
    }

    [Fact]
    public async Task Check_Is503_UntilTheAuthorityIsThere()
    {
        var address = authority.Address;
        await authority.DisposeAsync();
        await using var app = await App.StartAsync(Configured(o => o.Authority = address), time);
        Assert.Equal((503, "unavailable"), await app.GetAsync("/orders", keys.Make(time.GetUtcNow())));
        Assert.Equal((503, "Unhealthy"), await app.GetAsync("/health"));

        authority = await FakeAuthority.StartAsync(time, address);
        authority.Jwks = keys.Jwks;

        await Eventually.IsAsync(() => app.Feed().Age < TimeSpan.FromSeconds(5), "the view is current", time);
        await Eventually.PassAsync(time, TimeSpan.FromSeconds(10));
        Assert.Equal((200, "u1"), await app.GetAsync("/orders", keys.Make(time.GetUtcNow())));
    }

    [Fact]
    public async Task Acknowledgements_DeclareTheLoosestOfAllRoutes()
    {
        await using var app = await App.StartAsync(Configure, time, application =>
        {
            application.MapGet("/strict", () => "").RequireSymbolon(new SymbolonModeAttribute(SymbolonMode.Revocable) { MaxStalenessSeconds = 1, WhenStale = WhenStale.Deny });
            application.MapGet("/loose", () => "").RequireSymbolon(new SymbolonModeAttribute(SymbolonMode.Revocable) { MaxStalenessSeconds = 20, WhenStale = WhenStale.Allow });
            application.MapGet("/live", () => "").RequireSymbolon(new SymbolonModeAttribute(SymbolonMode.Live) { MaxStalenessSeconds = 60 });
        });
        var before = authority.Acknowledged.Count;
        await Eventually.IsAsync(() => authority.Acknowledged.Count > before + 1, "it was acknowledged", time);

        var last = authority.Acknowledged.Last();

        Assert.Equal((20.0, "allow"), (last.GetProperty("max_staleness").GetDouble(), last.GetProperty("when_stale").GetString()!));

        // Often enough for the strictest: four times in its second.
        before = authority.Acknowledged.Count;
        await Eventually.IsAsync(() => authority.Acknowledged.Count > before, "it was acknowledged", time);
        before = authority.Acknowledged.Count;
        await Eventually.WithinAsync(() => authority.Acknowledged.Count > before, "it was acknowledged again", time, TimeSpan.FromMilliseconds(250), steps: 3);
    }

    private Action<SymbolonOptions> Configured(Action<SymbolonOptions> more) => options =>
    {
        Configure(options);
        more(options);
    };

    private void Configure(SymbolonOptions options)
    {
        options.Authority = authority.Address;
        options.Issuer = Tokens.Issuer;
        options.Audience = Tokens.Audience;
        options.ClientId = "orders";
        options.ClientSecret = "only the tests know this one";
    }
}
