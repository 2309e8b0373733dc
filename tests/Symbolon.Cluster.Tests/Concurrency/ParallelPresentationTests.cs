using Symbolon.Cluster.Support;
using Symbolon.Server.Concurrency;

namespace Symbolon.Cluster.Concurrency;

/// <summary>[I11] [I8] One token presented 64 times at once, at three authorities: some serial order explains the answers, and one line goes on.</summary>
public sealed class ParallelPresentationTests(ITestOutputHelper output)
{
    private const int Nodes = 3;

    // Most of a round is three dozen retries of one row, one after another: the short form has what a few seconds hold.
    private static int Rounds => Storm.IsLong ? 2_000 : 40;

    [Fact]
    public async Task Refresh_HasASerialOrder_When64PresentOneTokenAtThreeAuthorities()
    {
        await using var cluster = await Support.Cluster.CreateAsync();
        var nodes = await cluster.StartAsync(Nodes);
        Presenter[] presenters = [.. nodes.Select(Presenter.InProcess)];
        for (var round = 0; round < Rounds; round++) await ParallelRound.RunAsync(await nodes[round % Nodes].StartSessionAsync(), presenters);
        output.WriteLine($"{Rounds} rounds of {ParallelRound.Width}");
    }
}
