using System.Globalization;
using System.Net.Sockets;
using Symbolon.Edge.Processes;
using Symbolon.Testing;

namespace Symbolon.Edge.Programs;

/// <summary>The cluster's sample as its page says, on free ports: three authorities, a primary and its standby; one of each is killed.</summary>
public sealed class ClusterSampleTests
{
    // The balancer's port is a multiple of ten, and the 22 after it are the others'.
    private const int Ports = 22;

    [Fact]
    public async Task Sample_ShowsWhatItsPageSays_AndLeavesNothingBehind()
    {
        var folder = Directory.CreateTempSubdirectory("symbolon-sample-");
        var (run, port) = (Path.Combine(folder.FullName, "run"), FreePorts());
        (string, string)[] environment = [("SAMPLES_BUILT", RunningProgram.Built), ("SAMPLES_RUN", run), ("CLUSTER_PORT", port.ToString(CultureInfo.InvariantCulture))];

        await using var sample = RunningProgram.Script("samples/cluster/start.sh", "", environment);
        await sample.PrintsAsync("All there");
        await using var trial = RunningProgram.Script("samples/cluster/try.sh", "", environment);
        var isAsExpected = await trial.EndAsync() == 0;
        Assert.True(isAsExpected, $"{trial.Output}\n{trial.Errors}\n{sample.Output}");
        Assert.Equal(ShownOutput.Of(Path.Combine(Repository.Root, "samples", "cluster", "README.md")), ShownOutput.Comparable(trial.Output));

        Assert.Equal(0, await sample.StopAsync());
        Assert.False(Path.Exists(run));
        Assert.All(Enumerable.Range(port, Ports + 1), one => Assert.Throws<SocketException>(() => new TcpClient("127.0.0.1", one).Dispose()));
        folder.Delete();
    }

    private static int FreePorts() => Enumerable.Range(1200, 300).Select(ten => ten * 10).OrderBy(_ => Random.Shared.Next())
        .First(port => Enumerable.Range(port, Ports + 1).All(IsFree));

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
