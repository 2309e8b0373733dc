using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Symbolon.Access;
using Symbolon.AspNetCore.Remote;
using Symbolon.AspNetCore.Tests.Support;
using Symbolon.Revocation;
using Symbolon.Sessions;

namespace Symbolon.AspNetCore.Tests.Remote;

/// <summary>What operators see of a verifier: each check by outcome, how old its view is, how many revocations it holds, what it fetched and what it had to read anew.</summary>
public sealed class MetricsTests
{
    private readonly FiringTime time = new();
    private readonly Tokens keys = new();
    private readonly Meters own = new();
    private readonly ConcurrentDictionary<(string Instrument, string Outcome), double> seen = [];

    [Fact]
    public async Task Metrics_SayWhatBecameOfTokens_AndHowTheViewStands()
    {
        await using var authority = await FakeAuthority.StartAsync(time);
        authority.Jwks = keys.Jwks;
        using var listener = Listen();
        var metrics = new SymbolonMetrics(own);
        var demand = new RouteDemand(SymbolonMode.Revocable, TimeSpan.FromSeconds(5), WhenStale.Deny);
        await using var remote = RemoteSources.Create(Verifier.Options(authority.Address, demand), time, new LogLines(), metrics);
        var check = new TokenCheck(new AccessTokenPolicy { Issuer = Tokens.Issuer, Audiences = [Tokens.Audience] }, remote.Sources, rememberedTokens: 64, time) { Telemetry = ("orders", metrics) };
        var starting = remote.StartAsync(CancellationToken.None);
        await Eventually.IsAsync(() => starting.IsCompleted && remote.Feed!.Age <= demand.MaxStaleness, "the view is current", time);

        async Task SaysAsync(string outcome, string token, RouteDemand asked)
        {
            var before = Seen("symbolon.tokens.checked", outcome);
            await check.CheckAsync(token, asked, http: null, CancellationToken.None);
            Assert.Equal(before + 1, Seen("symbolon.tokens.checked", outcome));
        }

        await SaysAsync("ok", keys.Make(time.GetUtcNow()), demand);
        await SaysAsync("ok_live", keys.Make(time.GetUtcNow()), demand with { Mode = SymbolonMode.Live });
        await SaysAsync("token_malformed", "nonsense", demand);
        authority.Log.Append(new RevocationEntry(RevocationKind.Session, "s1", 0, time.GetUtcNow(), time.GetUtcNow() + RevocationEntry.Life, "logout"));
        authority.Log.Append(RevocationEntry.OfClaims(new SubjectId("u2"), 2, time.GetUtcNow()));
        await Eventually.IsAsync(() => remote.Feed!.View.Seq == 2, "the entries have come");
        await SaysAsync("token_revoked", keys.Make(time.GetUtcNow()), demand);
        await SaysAsync("claims_stale", keys.Make(time.GetUtcNow(), session: "s2", subject: "u2"), demand);

        await authority.DisposeAsync();
        time.Advance(TimeSpan.FromSeconds(7));
        var other = keys.Make(time.GetUtcNow(), session: "s3", subject: "u3");
        await SaysAsync("view_stale", other, demand);
        await SaysAsync("ok_stale", other, demand with { WhenStale = WhenStale.Allow });
        listener.RecordObservableInstruments();
        Assert.InRange(Seen("symbolon.view.age", ""), 5, double.MaxValue);
        Assert.Equal(2, Seen("symbolon.denylist.entries", ""));
        Assert.Equal(1, Seen("symbolon.jwks.fetches", "ok"));
        Assert.Equal(1, Seen("symbolon.live.questions", "active"));
    }

    private double Seen(string instrument, string outcome) => seen.GetValueOrDefault((instrument, outcome));

    private MeterListener Listen()
    {
        var listener = new MeterListener { InstrumentPublished = (instrument, all) => { if (own.Made.Contains(instrument.Meter)) all.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.Start();
        return listener;
    }

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var (outcome, hasScheme) = ("", false);
        foreach (var (name, said) in tags)
        {
            hasScheme |= name == "symbolon.scheme" && said is "orders" or "test";
            if (name == "symbolon.outcome") outcome = (string)said!;
        }

        Assert.True(hasScheme, instrument.Name);
        seen.AddOrUpdate((instrument.Name, outcome), value, (_, before) => instrument.IsObservable ? value : before + value);
    }

    private sealed class Meters : IMeterFactory
    {
        public ConcurrentBag<Meter> Made { get; } = [];

        public Meter Create(MeterOptions options)
        {
            var meter = new Meter(options);
            Made.Add(meter);
            return meter;
        }

        public void Dispose()
        {
            // ends with the test
        }
    }
}
