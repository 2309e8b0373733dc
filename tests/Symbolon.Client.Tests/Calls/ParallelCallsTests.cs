using Symbolon.Client.Tests.Support;
using Symbolon.Testing;

namespace Symbolon.Client.Tests.Calls;

/// <summary>Any number of calls, one refresh.</summary>
public class ParallelCallsTests
{
    private static readonly TimeSpan Minutes = TimeSpan.FromMinutes(11), Spread = TimeSpan.FromMilliseconds(300);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task FiftyCalls_RefreshOnce_When401sAreSpread(int seed)
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync();
        authority.Time.Advance(Minutes); // the API finds the token expired; this program does not know
        var random = new Random(seed);
        var waits = new System.Collections.Concurrent.ConcurrentQueue<TimeSpan>(Enumerable.Range(0, 50).Select(_ => Spread * random.NextDouble()));
        authority.Faults.On("/api/echo", async (_, next) =>
        {
            if (waits.TryDequeue(out var wait)) await Task.Delay(wait);
            await next();
        });

        var statuses = await client.CallAsync(50);

        Assert.All(statuses, status => Assert.Equal(200, status));
        Assert.Equal(1, authority.Refreshes);
    }

    [Fact]
    public async Task FiftyCalls_RefreshOnce_WhenTokenIsDue()
    {
        await using var authority = await TestAuthority.StartAsync();
        var time = new FiringTime();
        using var client = await authority.SignedInAsync(time);
        time.Advance(TimeSpan.FromSeconds(550));
        authority.Time.Advance(TimeSpan.FromSeconds(550));

        var statuses = await client.CallAsync(50);

        Assert.All(statuses, status => Assert.Equal(200, status));
        Assert.Equal((1, 50), (authority.Refreshes, authority.Count("/api/echo"))); // before it is sent: nobody sees a 401
    }

    [Fact]
    public async Task LateRefusal_DoesNotRefresh_WhenTokenIsNewer()
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync();
        authority.Time.Advance(Minutes);
        var gate = new Gate();
        var isFirst = 1;
        authority.Faults.On("/api/echo", async (_, next) =>
        {
            var isLate = Interlocked.Exchange(ref isFirst, 0) == 1;
            await next();
            if (isLate) await gate.PassAsync();
        });
        var late = client.CallAsync();
        await gate.Reached;
        await client.CallAsync(10);
        Assert.Equal(1, authority.Refreshes);

        gate.Open();

        Assert.Equal(200, await late);
        Assert.Equal(1, authority.Refreshes);
    }

    [Fact]
    public async Task ManyPrograms_KeepTheSession_OnOneStore()
    {
        await using var authority = await TestAuthority.StartAsync();
        var store = new MemoryTokenStore();
        using var first = await authority.SignedInAsync(store: store);
        var programs = Enumerable.Range(0, 5).Select(_ => authority.Client(store: store)).Prepend(first).ToList();
        foreach (var program in programs) Assert.Equal(200, await program.CallAsync());
        authority.Time.Advance(Minutes);

        var statuses = await Task.WhenAll(programs.Select(program => program.CallAsync(20)));

        // Without a lock several ask, with one attempt id; the store takes one answer, and nobody is taken for a thief.
        Assert.All(statuses.SelectMany(all => all), status => Assert.Equal(200, status));
        Assert.All(programs, program => Assert.Empty(program.Ends));
        authority.Time.Advance(Minutes);
        Assert.All(await Task.WhenAll(programs.Select(program => program.CallAsync())), status => Assert.Equal(200, status));
        programs.ForEach(program => program.Dispose());
    }

    [Fact]
    public async Task CancelledCaller_DoesNotStopTheOthers()
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync();
        authority.Time.Advance(Minutes);
        var gate = authority.Faults.Hold("/auth/refresh");
        using var leaving = new CancellationTokenSource();
        var leaver = client.Http.GetAsync("/api/echo", leaving.Token); // the one who starts the refresh
        await gate.Reached;
        var others = client.CallAsync(10);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaver);

        gate.Open();

        Assert.All(await others, status => Assert.Equal(200, status));
        Assert.Equal(1, authority.Refreshes);
    }

    [Fact]
    public async Task RefusedNewToken_CostsOneRefresh_NotOneForEachCall()
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync();
        authority.Faults.On("/api/echo", (http, _) => // an API whose clock is wrong
        {
            http.Response.StatusCode = 401;
            http.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
            return Task.CompletedTask;
        });

        for (var i = 0; i < 20; i++) Assert.Equal(401, await client.CallAsync());

        Assert.Equal(1, authority.Refreshes);
        Assert.Contains("5007", client.Log.Text);
    }
}
