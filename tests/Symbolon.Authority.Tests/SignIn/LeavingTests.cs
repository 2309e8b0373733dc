using System.Net.Sockets;
using System.Text;
using Symbolon.Authority.Tests.Support;

namespace Symbolon.Authority.Tests.SignIn;

/// <summary>A page that is left in the middle of a request: the same may be asked for again.</summary>
public sealed class LeavingTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private readonly TestServer server = fixture.Server;

    [Fact]
    public async Task Refresh_IsServedAgain_WhenNobodyWaitedForTheAnswer()
    {
        var (_, tokens) = await server.RegisterAsync();
        var attempt = new string('a', 22);

        for (var i = 0; i < 3; i++) await SendAndLeaveAsync("/auth/refresh", $$"""{"refresh_token":"{{tokens.RefreshToken}}"}""", $"Symbolon-Attempt: {attempt}\r\n");

        var next = (await server.RefreshAsync(tokens.RefreshToken, attempt)).Is(200);
        (await server.RefreshAsync(next.RefreshToken)).Is(200);
    }

    private async Task SendAndLeaveAsync(string path, string body, string headers = "")
    {
        var address = new Uri(server.Address);
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        var request = $"POST {path} HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n{headers}\r\n{body}";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        client.Client.Shutdown(SocketShutdown.Send);
    }
}
