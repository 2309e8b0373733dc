using System.Net.Sockets;
using System.Text;
using Symbolon.Server.Processes;

namespace Symbolon.Server.Start;

/// <summary>SIGTERM: what was accepted is finished, then the server ends with code 0.</summary>
public sealed class ShutdownTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Shutdown_FinishesWhatWasAccepted()
    {
        await using var server = await ServerProcess.ReadyAsync(ServerSettings.Complete(folder).With("Symbolon:Admin:Password", "correct horse battery"));
        using var socket = new TcpClient("127.0.0.1", server.Settings.Port);
        await using var stream = socket.GetStream();
        const string body = """{"username":"admin","password":"correct horse battery"}""";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /auth/login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body[..5]}"));
        Assert.Equal(200, (await server.Api.GetAsync("/health/live")).Status); // a request later: the half one is being read

        server.AskToStop();
        await Patiently.TrueAsync(() => Task.FromResult(server.Output.Contains("shutting down", StringComparison.Ordinal)), () => server.All);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(body[5..]));
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync();
        var code = await server.ExitAsync();
        Assert.True(answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal), $"{answer}\n{server.All}");
        Assert.Contains("refresh_token", answer, StringComparison.Ordinal);
        Assert.Equal(0, code);
        Assert.DoesNotContain("   at ", server.All, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("symbolon.db-wal")), "the log is folded into the file");
    }

    [Fact]
    public async Task Shutdown_TakesNoNewConnections()
    {
        await using var server = await ServerProcess.ReadyAsync(ServerSettings.Complete(folder));
        server.AskToStop();
        Assert.Equal(0, await server.ExitAsync());
        Assert.Null(await server.Api.TryGetAsync("/health/live"));
    }
}
