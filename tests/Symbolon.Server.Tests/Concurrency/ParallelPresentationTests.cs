using System.Diagnostics;
using Symbolon.Authority;
using Symbolon.Server.Processes;
using Symbolon.Testing;

namespace Symbolon.Server.Concurrency;

/// <summary>[I11] [I8] One token presented 64 times at once: some serial order explains the answers, and one line goes on.</summary>
public sealed class ParallelPresentationTests(ITestOutputHelper output)
{
    private const int Width = 64, Rounds = 2_000;

    // Each tried together after the storm; more would only be refused alike.
    private const int Children = 4;

    private static bool IsLong => Environment.GetEnvironmentVariable("SYMBOLON_LONG") == "1";

    [Theory]
    [InlineData("memory")]
    [InlineData("sqlite")]
    public async Task Refresh_HasASerialOrder_When64PresentOneTokenToTheOperation(string store)
    {
        using var folder = new TempFolder();
        await using var server = await InProcessServer.StartAsync(ServerSettings.Complete(folder).With("Symbolon:Storage:Provider", store));
        await StormAsync(server, Presenter.InProcess(server), until: TimeSpan.MaxValue);
    }

    [Fact]
    public async Task Refresh_HasASerialOrder_When64PresentOneTokenOverHttp()
    {
        using var folder = new TempFolder();
        await using var server = await InProcessServer.StartAsync(ServerSettings.Complete(folder));
        await StormAsync(server, Presenter.OverHttp(server.Api), until: IsLong ? TimeSpan.MaxValue : TimeSpan.FromSeconds(20));
    }

    private async Task StormAsync(InProcessServer server, Presenter presenter, TimeSpan until)
    {
        var started = Stopwatch.GetTimestamp();
        var rounds = 0;
        while (rounds < Rounds && Stopwatch.GetElapsedTime(started) < until)
        {
            await RoundAsync(await server.StartSessionAsync(), presenter);
            rounds++;
        }

        var took = Stopwatch.GetElapsedTime(started);
        output.WriteLine($"{rounds} rounds of {Width} in {took.TotalSeconds:F1} s, {rounds / took.TotalSeconds:F0}/s, checked");
    }

    private static async Task RoundAsync(IssuedTokens first, Presenter presenter)
    {
        var (recorder, session) = (new SessionRecorder(), first.Session.Id.ToString());
        recorder.Answered(recorder.Begin(session, Deed.Start), Outcome.Issued, first.RefreshToken, first.Generation);

        var children = await TogetherAsync(Enumerable.Repeat(first.RefreshToken, Width), recorder, session, presenter);
        Assert.Equal(Width, children.Count); // the token is used once, and retried 63 times
        var lines = await TogetherAsync(children.Take(Children).Append(first.RefreshToken), recorder, session, presenter);
        Assert.NotEmpty(lines); // the first to come, and whoever was before it
        var last = await TogetherAsync(lines.Concat(children.Take(Children)), recorder, session, presenter);
        Assert.NotEmpty(last);
        recorder.ThrowUnlessSerial();
    }

    private static async Task<List<string>> TogetherAsync(IEnumerable<string> tokens, SessionRecorder recorder, string session, Presenter presenter)
    {
        // Tasks of their own: a store in memory would end each before the next begins.
        var issues = await Task.WhenAll([.. tokens.Select(token => Task.Run(() => presenter.PresentAsync(recorder, session, token)))]);
        return [.. issues.OfType<Issue>().Select(issue => issue.RefreshToken)];
    }
}
