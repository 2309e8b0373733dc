using System.Net.Sockets;
using System.Text.RegularExpressions;
using Symbolon.Edge.Processes;
using Symbolon.Testing;

namespace Symbolon.Edge.Programs;

/// <summary>What the samples' pages tell users to do, done: on free ports, and with what was built for the tests.</summary>
public sealed partial class ProxySampleTests
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
        Assert.Equal(ShownBy(Path.Combine(Repository.Root, "samples", proxy, "README.md")), Comparable(trial.Output));

        Assert.Equal(0, await sample.StopAsync());
        Assert.False(Path.Exists(run));
        Assert.All(ports, port => Assert.Throws<SocketException>(() => new TcpClient("127.0.0.1", port).Dispose()));
        Assert.Equal("", sample.Errors);
        folder.Delete();
    }

    private static string ShownBy(string page)
    {
        var lines = File.ReadAllLines(page);
        var from = Array.FindIndex(lines, line => line.StartsWith("-- ", StringComparison.Ordinal));
        return Comparable(string.Join('\n', lines[from..Array.IndexOf(lines, "```", from)]));
    }

    // But for ids, times and what a receipt says beside its counts.
    private static string Comparable(string output) => string.Join('\n', Changing().Replace(output, "…").Split('\n').Select(line => line.TrimEnd()));

    [GeneratedRegex("""[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+ m?s |\d+ m?s$|"seq":\d+|(,"certain_at":"[^"]+")?\}\}|127\.0\.0\.1:\d+| {2,}""")]
    private static partial Regex Changing();
}
