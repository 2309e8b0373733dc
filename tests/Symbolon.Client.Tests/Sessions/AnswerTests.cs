using Symbolon.Client.Tests.Support;
using Symbolon.Testing;

namespace Symbolon.Client.Tests.Sessions;

/// <summary>Answers that look like the authority's, and are not to be stored; and what becomes of an answer when the program ends.</summary>
public class AnswerTests
{
    private const string Refresh = "/auth/refresh";

    [Theory]
    [InlineData("another", 2, "access", "refresh")] // a cache's, or a proxy's that mixes up two users
    [InlineData(null, 1, "access", "refresh")]
    [InlineData(null, 0, "access", "refresh")]
    [InlineData(null, -1, "access", "refresh")]
    [InlineData(null, 2, "access", "")]
    [InlineData(null, 2, "access\\r\\nX-Admin: 1", "refresh")]
    [InlineData(null, 2, "acc ess", "refresh")]
    [InlineData(null, 2, "access", "refr\u00e9sh")]
    public async Task Answer_IsNotStored_WhenItIsNotTheSessionsNext(string? sessionId, int generation, string access, string refresh)
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync();
        var before = (await client.StoredAsync())!;
        authority.Faults.Answer(Refresh, 200, type: "application/json",
            body: $$"""{"access_token":"{{access}}","refresh_token":"{{refresh}}","expires_in":600,"session_id":"{{sessionId ?? before.SessionId}}","generation":{{generation}}}""");

        Assert.Equal(RefreshOutcome.Kept, await client.Session.RefreshAsync());

        var after = (await client.StoredAsync())!;
        Assert.Equal((before.AccessToken, before.RefreshToken, before.Generation), (after.AccessToken, after.RefreshToken, after.Generation));
        Assert.Equal(200, await client.CallAsync());
    }

    [Theory]
    [InlineData(200)]
    [InlineData(401)]
    public async Task Answer_IsNotRead_WhenItIsTooLong(int status)
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync();
        authority.Faults.Answer(Refresh, status, type: "application/problem+json", body: $$"""{"type":"urn:symbolon:session_ended","code":"session_ended","detail":"{{new string('x', 64 * 1024)}}"}""");

        Assert.Equal(RefreshOutcome.Kept, await client.Session.RefreshAsync());

        Assert.Contains("more than 65536 bytes", client.Log.Text);
        Assert.Empty(client.Ends);
    }

    [Theory]
    [InlineData("7200", 3600)]
    [InlineData("Fri, 02 Jan 2026 03:05:05 GMT", 60)] // by the answer's own date: this machine's clock is a year off
    [InlineData("-5", null)]
    [InlineData("soon", null)]
    public async Task RetryAfter_IsReadAsItIsMeant(string header, int? seconds)
    {
        await using var authority = await TestAuthority.StartAsync();
        var time = new ShiftedTime();
        time.Shift(TimeSpan.FromDays(365));
        using var client = authority.Client(time);
        authority.Faults.On("/auth/login", async (http, _) =>
        {
            (http.Response.StatusCode, http.Response.ContentType) = (429, "application/problem+json");
            (http.Response.Headers.RetryAfter, http.Response.Headers.Date) = (header, "Fri, 02 Jan 2026 03:04:05 GMT");
            await http.Response.Body.WriteAsync("""{"type":"urn:symbolon:too_many_attempts","code":"too_many_attempts"}"""u8.ToArray());
        });

        var refused = await Assert.ThrowsAsync<LoginRefusedException>(() => client.Session.LoginAsync(new LoginRequest(TestAuthority.User, TestAuthority.Password)));

        Assert.Equal(seconds, refused.RetryAfter?.TotalSeconds);
    }

    [Fact]
    public async Task Answer_IsServedAgain_WhenTheClientIsDisposedMeanwhile()
    {
        await using var authority = await TestAuthority.StartAsync();
        var store = new MemoryTokenStore();
        var client = await authority.SignedInAsync(store: store, configure: o => o.ClientId = "strict"); // only the attempt's id helps
        var gate = authority.Faults.HoldAnswers(Refresh);
        var refresh = client.Session.RefreshAsync().AsTask();
        await gate.Reached;

        client.Dispose();

        Assert.Equal(RefreshOutcome.Kept, await refresh.WaitAsync(Patiently.Patience));
        gate.Open();
        authority.Faults.Clear();
        authority.Time.Advance(TimeSpan.FromMinutes(11)); // past settle
        using var next = authority.Client(store: store, configure: o => o.ClientId = "strict");
        Assert.Equal((200, 2), (await next.CallAsync(), authority.Refreshes));
        Assert.Empty(client.Ends);
        await client.Session.LogoutAsync(); // what is disposed of still signs out here
        Assert.Null(await next.StoredAsync());
    }
}
