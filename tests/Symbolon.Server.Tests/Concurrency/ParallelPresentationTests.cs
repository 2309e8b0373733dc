using System.Diagnostics;
using Symbolon.Server.Processes;

namespace Symbolon.Server.Concurrency;

/// <summary>[I11] [I8] One token presented 64 times at once: some serial order explains the answers, and one line goes on.</summary>
public sealed class ParallelPresentationTests(ITestOutputHelper output)
{
    private const int Rounds = 2_000;

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
            await ParallelRound.RunAsync(await server.StartSessionAsync(), presenter);
            rounds++;
        }

        var took = Stopwatch.GetElapsedTime(started);
        output.WriteLine($"{rounds} rounds of {ParallelRound.Width} in {took.TotalSeconds:F1} s, {rounds / took.TotalSeconds:F0}/s, checked");
    }
}
