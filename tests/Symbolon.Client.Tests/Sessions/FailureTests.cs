using Symbolon.Client.Tests.Support;
using Symbolon.Testing;

namespace Symbolon.Client.Tests.Sessions;

/// <summary>What does not end a session: everything but four codes.</summary>
public class FailureTests
{
    private const string Refresh = "/auth/refresh";
    private static readonly TimeSpan AlmostOver = TimeSpan.FromSeconds(550), Over = TimeSpan.FromMinutes(11);

    [Fact]
    public async Task Refresh_IsServedAgain_WhenAnswerIsLost()
    {
        await using var authority = await TestAuthority.StartAsync();
        var time = new FiringTime();
        using var client = await authority.SignedInAsync(time, configure: o => o.ClientId = "strict"); // no overlap: only the attempt's id helps
        authority.Faults.LoseAnswer(Refresh);
        Pass(authority, time, AlmostOver);

        Assert.Equal(200, await client.CallAsync()); // the token is still valid
        var attempt = (await client.StoredAsync())!.Attempt;
        Assert.NotNull(attempt);
        Pass(authority, time, TimeSpan.FromSeconds(30)); // past settle, so a mere repetition would be reuse

        Assert.Equal(RefreshOutcome.Refreshed, await client.Session.RefreshAsync());
        Assert.Null((await client.StoredAsync())!.Attempt);
        Assert.Equal(200, await client.CallAsync());
        Assert.Equal(2, authority.Refreshes);
        Assert.Empty(client.Ends);
    }

    [Fact]
    public async Task Attempt_IsStored_BeforeTheRequestIsSent()
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync();
        var before = (await client.StoredAsync())!;
        string? sent = null;
        StoredToken? stored = null;
        authority.Faults.On(Refresh, async (http, next) =>
        {
            (sent, stored) = (http.Request.Headers["Symbolon-Attempt"], await client.StoredAsync());
            await next();
        });

        Assert.Equal(RefreshOutcome.Refreshed, await client.Session.RefreshAsync());

        Assert.Equal(22, sent!.Length);
        Assert.Equal((sent, before.RefreshToken), (stored!.Attempt, stored.RefreshToken));
        var after = (await client.StoredAsync())!;
        Assert.Equal((null, before.Generation + 1), (after.Attempt, after.Generation));
        Assert.True(after.Version > stored.Version && stored.Version > before.Version);
    }

    [Fact]
    public async Task Session_SurvivesTenMinutesOffline()
    {
        await using var authority = await TestAuthority.StartAsync();
        var time = new FiringTime();
        using var client = await authority.SignedInAsync(time);
        authority.Faults.Cut(Refresh);
        for (var i = 0; i < 20; i++)
        {
            Pass(authority, time, TimeSpan.FromSeconds(60));
            if (i < 9) Assert.Equal(200, await client.CallAsync());
            else await UnavailableAsync(client);
        }

        authority.Faults.Clear();
        authority.Faults.Asked.Clear();
        Pass(authority, time, TimeSpan.FromSeconds(61));

        Assert.All(await client.CallAsync(10), status => Assert.Equal(200, status));
        Assert.Equal(1, authority.Refreshes);
        Assert.Empty(client.Ends);
    }

    [Fact]
    public async Task Failures_AreAskedOncePerStep_AndRetryAfterIsObeyed()
    {
        await using var authority = await TestAuthority.StartAsync();
        var time = new FiringTime();
        using var client = await authority.SignedInAsync(time);
        Pass(authority, time, Over);
        authority.Faults.Answer(Refresh, 500);
        for (var i = 0; i < 3; i++)
        {
            await UnavailableAsync(client);
            await UnavailableAsync(client); // within the step
            Assert.Equal(i + 1, authority.Refreshes);
            Pass(authority, time, TimeSpan.FromSeconds(4)); // the third step is 2 s at most
        }

        authority.Faults.Answer(Refresh, 503, retryAfter: "20");
        var refused = await UnavailableAsync(client);
        Assert.Equal(TimeSpan.FromSeconds(20), refused.RetryAfter);
        authority.Faults.Clear();
        Pass(authority, time, TimeSpan.FromSeconds(19));
        await UnavailableAsync(client);
        Assert.Equal(4, authority.Refreshes);

        Pass(authority, time, TimeSpan.FromSeconds(2));
        Assert.Equal(200, await client.CallAsync());
        Assert.Equal(5, authority.Refreshes);
        Assert.Empty(client.Ends);
    }

    [Fact]
    public async Task ValidToken_GoesOnBeingUsed_While429()
    {
        await using var authority = await TestAuthority.StartAsync();
        var time = new FiringTime();
        using var client = await authority.SignedInAsync(time);
        Pass(authority, time, AlmostOver);
        authority.Faults.Answer(Refresh, 429, retryAfter: "60");

        for (var i = 0; i < 40; i++)
        {
            Assert.All(await client.CallAsync(5), status => Assert.Equal(200, status));
            Pass(authority, time, TimeSpan.FromSeconds(1));
        }

        Assert.Equal(1, authority.Refreshes);
    }

    [Theory]
    [InlineData(200, "text/html", "<h1>Pay for the network</h1>")]
    [InlineData(401, "text/html", "<h1>Pay for the network</h1>")]
    [InlineData(401, "application/json", """{"error":"unauthorized"}""")]
    [InlineData(401, "application/problem+json", """{"type":"urn:other","code":"session_ended"}""")]
    [InlineData(200, "application/json", """{"access_token":"only this"}""")]
    [InlineData(200, "application/json", "[]")]
    [InlineData(302, "text/html", "")]
    [InlineData(403, "application/problem+json", """{"type":"urn:symbolon:session_ended","code":"session_ended"}""")]
    [InlineData(401, "application/problem+json", """{"type":"urn:symbolon:token_expired","code":"token_expired"}""")]
    public async Task Session_IsKept_WhenSomethingElseAnswers(int status, string type, string body)
    {
        await using var authority = await TestAuthority.StartAsync();
        var time = new FiringTime();
        using var client = await authority.SignedInAsync(time);
        authority.Faults.Answer(Refresh, status, type: type, body: body);
        Pass(authority, time, AlmostOver);
        Assert.Equal(RefreshOutcome.Kept, await client.Session.RefreshAsync());
        Assert.Equal(200, await client.CallAsync());
        Pass(authority, time, Over);
        await UnavailableAsync(client);

        authority.Faults.Clear();
        Pass(authority, time, Over);
        Assert.Equal(200, await client.CallAsync());
        Assert.Empty(client.Ends);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(302)]
    [InlineData(403)]
    public async Task CaptivePortal_HasNoSay_InWhenTheAuthorityIsAskedAgain(int status)
    {
        await using var authority = await TestAuthority.StartAsync();
        var time = new FiringTime();
        using var client = await authority.SignedInAsync(time);
        Pass(authority, time, Over);
        authority.Faults.Answer(Refresh, status, retryAfter: "3600");
        await UnavailableAsync(client);

        authority.Faults.Clear(); // somebody has paid
        Pass(authority, time, TimeSpan.FromSeconds(1));

        Assert.Equal(200, await client.CallAsync());
    }

    [Fact]
    public async Task Refresh_GivesUp_WhenAuthorityDoesNotAnswer()
    {
        await using var authority = await TestAuthority.StartAsync();
        var time = new FiringTime();
        using var client = await authority.SignedInAsync(time);
        var gate = authority.Faults.Hold(Refresh);
        var refresh = client.Session.RefreshAsync().AsTask();
        await gate.Reached;

        Assert.Equal(RefreshOutcome.Kept, await time.AdvanceUntilAsync(refresh, TimeSpan.FromSeconds(1), most: 100));
        gate.Open();
    }

    [Fact]
    public async Task ValidToken_IsHeldUpOnce_WhileTheAuthorityHangs()
    {
        await using var authority = await TestAuthority.StartAsync();
        var time = new FiringTime();
        using var client = await authority.SignedInAsync(time);
        Pass(authority, time, AlmostOver);
        var gate = authority.Faults.Hold(Refresh);
        var first = client.CallAsync();
        await gate.Reached;
        Assert.Equal(200, await time.AdvanceUntilAsync(first, TimeSpan.FromSeconds(1), most: 100));
        time.Advance(TimeSpan.FromSeconds(1)); // the step of the back-off is over

        Assert.Equal(200, await client.CallAsync().WaitAsync(Patiently.Patience)); // and time stands

        await Patiently.TrueAsync(() => authority.Refreshes == 2, "Nobody asks again.");
        gate.Open();
        await Patiently.TrueAsync(async () => (await client.StoredAsync())!.Generation == 2, () => "What came in the background is not taken.");
    }

    [Fact]
    public async Task AskAgain_IsTriedOnce_AndThenKept()
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync();
        authority.Faults.Answer(Refresh, 409, retryAfter: "1", "application/problem+json", """{"type":"urn:symbolon:ask_again","code":"ask_again"}""");

        Assert.Equal(RefreshOutcome.Kept, await client.Session.RefreshAsync());

        Assert.Equal(2, authority.Refreshes);
    }

    [Fact]
    public async Task AskAgain_TakesWhatIsStored_WhenSomebodyWasQuicker()
    {
        await using var authority = await TestAuthority.StartAsync();
        var store = new MemoryTokenStore();
        using var client = await authority.SignedInAsync(store: store);
        using var other = authority.Client(store: store);
        var isFirst = 1;
        authority.Faults.On(Refresh, async (http, next) =>
        {
            if (Interlocked.Exchange(ref isFirst, 0) == 0)
            {
                await next();
                return;
            }

            Assert.Equal(RefreshOutcome.Refreshed, await other.Session.RefreshAsync());
            (http.Response.StatusCode, http.Response.ContentType) = (409, "application/problem+json");
            await http.Response.Body.WriteAsync("""{"type":"urn:symbolon:ask_again","code":"ask_again"}"""u8.ToArray());
        });

        Assert.Equal(RefreshOutcome.AlreadyNewer, await client.Session.RefreshAsync());

        Assert.Equal(2, authority.Refreshes);
        Assert.Equal((await other.Session.GetTokenAsync())!.Version, (await client.Session.GetTokenAsync())!.Version);
    }

    private static async Task<SymbolonUnavailableException> UnavailableAsync(TestClient client) =>
        await Assert.ThrowsAnyAsync<SymbolonUnavailableException>(() => client.CallAsync());

    private static void Pass(TestAuthority authority, FiringTime time, TimeSpan length)
    {
        authority.Time.Advance(length);
        time.Advance(length);
    }
}
