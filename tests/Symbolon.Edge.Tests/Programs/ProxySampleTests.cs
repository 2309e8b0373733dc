using System.Net.Sockets;
using Symbolon.Edge.Processes;
using Symbolon.Testing;

namespace Symbolon.Edge.Programs;

/// <summary>What the samples' pages tell users to do, done: on free ports, and with what was built for the tests.</summary>
public sealed class ProxySampleTests
{
    [Theory]
    [InlineData("nginx")]
    [InlineData("caddy")]
    public async Task Sample_ShowsWhatItsPageSays_AndLeavesNothingBehind(string proxy)
    {
        var folder = Directory.CreateTempSubdirectory("symbolon-sample-");
        var run = Path.Combine(folder.FullName, "run");
        int[] ports = [RunningProgram.FreePort(), RunningProgram.FreePort(), RunningProgram.FreePort(), RunningProgram.FreePort()];
        (string, string)[] environment =
        [
            ("SAMPLES_BUILT", RunningProgram.Built), ("SAMPLES_RUN", run),
            ("AUTHORITY_PORT", $"{ports[0]}"), ("GATEWAY_PORT", $"{ports[1]}"), ("SERVICE_PORT", $"{ports[2]}"), ("PROXY_PORT", $"{ports[3]}"),
        ];

        await using var sample = RunningProgram.Script("samples/start.sh", proxy, environment);
        await sample.PrintsAsync("All there");
        await using var trial = RunningProgram.Script("samples/try.sh", proxy, environment);
        var isAsExpected = await trial.EndAsync() == 0;
        Assert.True(isAsExpected, $"{trial.Output}\n{trial.Errors}");
        Assert.Equal(ShownOutput.Of(Path.Combine(Repository.Root, "samples", proxy, "README.md")), ShownOutput.Comparable(trial.Output));

        Assert.Equal(0, await sample.StopAsync());
        Assert.False(Path.Exists(run));
        Assert.All(ports, port => Assert.Throws<SocketException>(() => new TcpClient("127.0.0.1", port).Dispose()));
        Assert.Equal("", sample.Errors);
        folder.Delete();
    }
}
