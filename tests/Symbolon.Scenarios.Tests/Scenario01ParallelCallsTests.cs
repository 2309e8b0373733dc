using System.Diagnostics;
using Symbolon.Mock;
using Symbolon.Scenarios.Lab;

namespace Symbolon.Scenarios;

/// <summary>1. Fifty parallel calls with an expired token, whose refusals come over 0 to 300 ms.</summary>
public sealed class Scenario01ParallelCallsTests(Laboratory laboratory, ITestOutputHelper output)
{
    private const int Calls = 50;

    [Theory, ClassData(typeof(Seeds))]
    public async Task Fetch_RefreshesOnce_WhenFiftyCallsMeetAnExpiredToken(int seed)
    {
        await using var stage = await Stage.OpenAsync(laboratory, seed);
        var tab = (await stage.SignInAsync())[0];
        await stage.DelayAsync(0, 300, "/api/*");
        await stage.Mock.ExpireAsync(MockExpiry.Access);

        var started = Stopwatch.GetTimestamp();
        await tab.ExpectCallsAsync("200", Calls);
        var took = Stopwatch.GetElapsedTime(started);

        Assert.Equal(1, stage.Refreshes);
        Assert.InRange(stage.Mock.Log.Entries.Count(entry => entry.Path.StartsWith("/api/", StringComparison.Ordinal)), Calls + 1, 2 * Calls);
        await stage.ExpectOneLiveSessionAsync();

        // How long is for the record only: the same calls twice without a client, which is what they cost at best.
        started = Stopwatch.GetTimestamp();
        for (var wave = 0; wave < 2; wave++) await tab.RunAsync("n => Promise.all(Array.from({ length: n }, (_, i) => fetch('/api/things/' + i).then(r => r.text())))", Calls);
        output.WriteLine($"{took.TotalSeconds:F2} s; two bare waves took {Stopwatch.GetElapsedTime(started).TotalSeconds:F2} s");
    }
}
