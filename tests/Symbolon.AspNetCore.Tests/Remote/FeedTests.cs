using Symbolon.AspNetCore.Tests.Support;
using Symbolon.Revocation;

namespace Symbolon.AspNetCore.Tests.Remote;

public sealed class FeedTests : IAsyncLifetime
{
    private readonly FiringTime time = new();
    private readonly Tokens keys = new();
    private FakeAuthority authority = null!;

    public async ValueTask InitializeAsync() => (authority = await FakeAuthority.StartAsync(time)).Jwks = keys.Jwks;

    public ValueTask DisposeAsync() => authority.DisposeAsync();

    [Fact]
    public async Task Entry_IsObeyed_WhenTheStreamBringsIt()
    {
        await using var verifier = await Verifier.FollowAsync(authority, time);
        var token = keys.Make(time.GetUtcNow());
        Assert.Equal("ok", await verifier.CheckAsync(token));

        authority.Log.Append(Session("s1"));

        await Eventually.IsAsync(() => verifier.Feed.View.Seq == 1, "the entry has come");
        Assert.Equal("token_revoked", await verifier.CheckAsync(token));
        Assert.Equal("ok", await verifier.CheckAsync(keys.Make(time.GetUtcNow(), session: "s2")));
    }

    [Fact]
    public async Task Claims_AreStale_WhenTheVersionWasRaised()
    {
        authority.Log.Append(new RevocationEntry(RevocationKind.Claims, "u1", 2, time.GetUtcNow(), time.GetUtcNow() + RevocationEntry.Life, null));
        await using var verifier = await Verifier.FollowAsync(authority, time);

        Assert.Equal("claims_stale", await verifier.CheckAsync(keys.Make(time.GetUtcNow())));
        Assert.Equal("ok", await verifier.CheckAsync(keys.Make(time.GetUtcNow(), claimsVersion: 2)));
    }

    [Fact]
    public async Task View_IsReadAnew_WhenTheStreamHasAGap()
    {
        await using var verifier = await Verifier.FollowAsync(authority, time);

        authority.Log.SendAll(FakeLog.Frame(new LoggedRevocation(5, Session("s5"))));

        await Eventually.IsAsync(() => verifier.Log.Has(2012) && verifier.IsCurrent && verifier.Feed.View.Timeline is not null, "a snapshot was read", time);
        Assert.Equal(2, authority.Count("GET /revocations"));
        Assert.Equal(0, verifier.Feed.View.Seq);
        Assert.Equal("token_revoked", await verifier.CheckAsync(keys.Make(time.GetUtcNow(), session: "s5"))); // what was heard stays heard
    }

    [Fact]
    public async Task View_StaysAsItIs_WhenAnEntryComesTwice()
    {
        await using var verifier = await Verifier.FollowAsync(authority, time);
        authority.Log.Append(Session("s1"));
        authority.Log.SendAll(FakeLog.Frame(new LoggedRevocation(1, Session("s1"))));
        authority.Log.Append(Session("s2"));

        await Eventually.IsAsync(() => verifier.Feed.View.Seq == 2, "both have come");
        Assert.False(verifier.Log.Has(2012));
        Assert.Equal(1, authority.Count("GET /revocations"));
    }

    [Fact]
    public async Task Kind_IsIgnoredLoudly_WhenItIsUnknown()
    {
        await using var verifier = await Verifier.FollowAsync(authority, time);

        authority.Log.Newest = 1;
        authority.Log.SendAll("id: 1\nevent: entry\ndata: {\"seq\":1,\"kind\":\"planet\",\"name\":\"mars\"}\n\n");

        await Eventually.IsAsync(() => verifier.Feed.View.Seq == 1, "the entry has come");
        Assert.True(verifier.Log.Has(2014));
        Assert.False(verifier.Log.Has(2012));
    }

    [Fact]
    public async Task Union_IsKept_WhenTheLogBeginsAnotherTimeline()
    {
        await using var verifier = await Verifier.FollowAsync(authority, time);
        authority.Log.Append(Session("before"));
        await Eventually.IsAsync(() => verifier.Feed.View.Seq == 1, "the entry has come");

        authority.Log.Restart("t2");
        authority.Log.Append(Session("after"));

        await Eventually.IsAsync(() => verifier.Feed.View is { Timeline: "t2", Seq: 1 } && verifier.IsCurrent, "the other timeline was read", time);
        Assert.Equal("token_revoked", await verifier.CheckAsync(keys.Make(time.GetUtcNow(), session: "before")));
        Assert.Equal("token_revoked", await verifier.CheckAsync(keys.Make(time.GetUtcNow(), session: "after")));
    }

    [Fact]
    public async Task View_IsReadAnew_WhenTheLogWentBack()
    {
        await using var verifier = await Verifier.FollowAsync(authority, time);
        authority.Log.Append(Session("lost"));
        await Eventually.IsAsync(() => verifier.Feed.View.Seq == 1, "the entry has come");

        authority.Log.Restart("t1");

        await Eventually.IsAsync(() => verifier.Feed.View is { Timeline: "t1", Seq: 0 } && verifier.IsCurrent, "a snapshot was read", time);
        Assert.Equal("token_revoked", await verifier.CheckAsync(keys.Make(time.GetUtcNow(), session: "lost")));
    }

    [Fact]
    public async Task View_IsReadAnew_WhenTheLogIsCompacted()
    {
        await using var verifier = await Verifier.FollowAsync(authority, time);
        authority.Log.IsSilent = true;
        authority.Log.Append(Session("s1"));
        authority.Log.Append(Session("s2"));
        authority.Log.Compacted = 1;

        await Eventually.IsAsync(() => verifier.Feed.View.Seq == 2 && verifier.IsCurrent, "a snapshot was read", time);
        Assert.True(verifier.Log.Has(2012));
        Assert.Equal("token_revoked", await verifier.CheckAsync(keys.Make(time.GetUtcNow(), session: "s2")));
    }

    [Fact]
    public async Task Snapshots_HavePausesBetween_WhenACacheKeepsAnOldOne()
    {
        var (snapshots, at) = (0, time.GetTimestamp());
        authority.Instead = async http =>
        {
            if (http.Request.Path != "/revocations") return false;
            if (http.Request.Query.ContainsKey("since")) http.Response.StatusCode = 410; // what follows it is compacted
            else
            {
                Interlocked.Increment(ref snapshots);
                await FakeAuthority.JsonAsync(http, """
                    {"timeline":"t1","seq":1,"newest":2,"now":"2026-01-02T03:04:05Z","max_token_age":3600,
                     "entries":[{"seq":1,"kind":"session","sid":"s1","at":"2026-01-02T03:04:05Z","until":"2099-01-02T03:04:05Z"}]}
                    """);
            }

            return true;
        };

        await using var verifier = await Verifier.StartAsync(authority.Address, time);
        await Eventually.PassAsync(time, TimeSpan.FromSeconds(2));

        Assert.True(verifier.Log.Has(2011));
        Assert.InRange(snapshots, 1, 2 * (1 + (int)(time.GetElapsedTime(at) / TimeSpan.FromMilliseconds(50)))); // two, and the shortest pause

        authority.Instead = _ => Task.FromResult(false);
        await Eventually.IsAsync(() => verifier.IsCurrent, "the log itself is read", time);
    }

    [Fact]
    public async Task Entry_IsRead_WhenSomethingBuffersTheStream()
    {
        await using var verifier = await Verifier.FollowAsync(authority, time);
        authority.Log.IsSilent = true;

        var at = time.GetTimestamp();
        authority.Log.Append(Session("s1"));

        await Eventually.IsAsync(() => verifier.Feed.View.Seq == 1, "the entry was read", time);
        Assert.InRange(time.GetElapsedTime(at), TimeSpan.Zero, verifier.Demand.MaxStaleness);
        Assert.Equal("token_revoked", await verifier.CheckAsync(keys.Make(time.GetUtcNow())));
    }

    [Fact]
    public async Task Stream_IsOpenedAgain_WhenNothingComes()
    {
        await using var verifier = await Verifier.FollowAsync(authority, time);
        Assert.Equal(1, authority.Count("GET /revocations/stream"));

        authority.Log.IsSilent = true;
        var at = time.GetTimestamp();

        await Eventually.IsAsync(() => authority.Count("GET /revocations/stream") > 1, "another stream was opened", time);
        Assert.InRange(time.GetElapsedTime(at), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5));
        Assert.True(verifier.IsCurrent); // acknowledgements are answered all the while
    }

    [Fact]
    public async Task Heartbeats_ProveNothing_WhenAcknowledgementsAreNotAnswered()
    {
        await using var verifier = await Verifier.FollowAsync(authority, time);
        authority.Log.OldHeartbeat = """{"timeline":"t1","seq":0,"now":"2026-01-02T03:04:05.000Z"}""";
        authority.Instead = Unanswered("/revocations/ack");

        await Eventually.PassAsync(time, TimeSpan.FromSeconds(7));

        Assert.Equal(1, authority.Log.Streams); // the stream lives
        Assert.Equal("view_stale", await verifier.CheckAsync(keys.Make(time.GetUtcNow())));
        Assert.True(verifier.Log.Has(2015));
    }

    [Fact]
    public async Task View_IsNeverCurrent_WhenTheLogKeepsTooLittle()
    {
        authority.Log.MaxTokenAge = TimeSpan.FromMinutes(59);
        await using var verifier = await Verifier.StartAsync(authority.Address, time);

        await Eventually.PassAsync(time, TimeSpan.FromSeconds(3));

        Assert.True(verifier.Log.Has(2013));
        Assert.Equal(TimeSpan.MaxValue, verifier.Feed.Age);
        Assert.Equal("view_stale", await verifier.CheckAsync(keys.Make(time.GetUtcNow())));
    }

    [Theory]
    [InlineData("data: x")] // a line without end
    [InlineData("event: entry\ndata: {\"seq\":1}\n\n")]
    [InlineData("event: entry\ndata: nonsense\n\n")]
    [InlineData("event: heartbeat\ndata: []\n\n")]
    public async Task Stream_IsOpenedAgain_WhenItSaysWhatCannotBeRead(string frame)
    {
        await using var verifier = await Verifier.FollowAsync(authority, time);

        authority.Log.SendAll(frame == "data: x" ? new string('x', 100_000) : frame);

        await Eventually.IsAsync(() => authority.Count("GET /revocations/stream") > 1, "another stream was opened", time);
        await Eventually.IsAsync(() => verifier.IsCurrent, "the view is current", time);
    }

    [Fact]
    public async Task Page_IsRefused_WhenItIsHuge()
    {
        authority.Instead = async http =>
        {
            if (http.Request.Path != "/revocations") return false;
            var block = new byte[1024 * 1024];
            Array.Fill(block, (byte)' ');
            for (var i = 0; i < 18; i++) await http.Response.Body.WriteAsync(block);
            return true;
        };
        await using var verifier = await Verifier.StartAsync(authority.Address, time);

        await Eventually.IsAsync(() => verifier.Log.Has(2011), "the page was refused", time);
        Assert.Contains(verifier.Log.All, line => line.Text.Contains("more than 16777216 bytes", StringComparison.Ordinal));
    }

    [Fact] // regression: an authority that cannot read its log sends comments alone, and was left for it
    public async Task Stream_IsKept_WhileCommentsCome()
    {
        await using var verifier = await Verifier.FollowAsync(authority, time);
        (authority.Log.IsSilent, var opened) = (true, authority.Count("GET /revocations/stream"));

        for (var i = 0; i < 10; i++)
        {
            authority.Log.Comment();
            await Eventually.PassAsync(time, TimeSpan.FromSeconds(1));
        }

        Assert.Equal(opened, authority.Count("GET /revocations/stream"));
        await Eventually.IsAsync(() => authority.Count("GET /revocations/stream") > opened, "it is left when nothing comes", time);
    }

    [Fact] // regression: whoever is let go with the others, as at everyone's end, comes back at once
    public async Task Stream_IsOpenedAgainAtOnce_WhenOneThatWorkedHasEnded()
    {
        await using var verifier = await Verifier.FollowAsync(authority, time);
        await Eventually.PassAsync(time, TimeSpan.FromSeconds(3));
        var opened = authority.Count("GET /revocations/stream");

        authority.Log.CutStreams();

        await Eventually.IsAsync(() => authority.Count("GET /revocations/stream") > opened, "it was opened without time passing");
    }

    [Fact]
    public async Task Credential_GoesNowhereElse_WhenTheAuthorityRedirects()
    {
        await using var other = await FakeAuthority.StartAsync(time);
        authority.Instead = http =>
        {
            if (http.Request.Path.StartsWithSegments("/.well-known", StringComparison.Ordinal)) return Task.FromResult(false);
            http.Response.Redirect($"{other.Address}{http.Request.Path}");
            return Task.FromResult(true);
        };
        await using var verifier = await Verifier.StartAsync(authority.Address, time);

        await Eventually.IsAsync(() => verifier.Log.Has(2011), "the redirect was refused", time);
        Assert.Empty(other.Asked);
    }

    private static RevocationEntry Session(string sid) => new(RevocationKind.Session, sid, 0, ManualTime.T0, ManualTime.T0 + RevocationEntry.Life, "logout");

    private static Func<Microsoft.AspNetCore.Http.HttpContext, Task<bool>> Unanswered(string path) => http =>
    {
        if (http.Request.Path != path) return Task.FromResult(false);
        http.Response.StatusCode = 503;
        return Task.FromResult(true);
    };
}
