using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Symbolon.Gateway.Support;

/// <summary>Sends requests as they are written: an HTTP library would tidy up the paths that these tests are about.</summary>
internal static class RawHttp
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Sends one request on a connection of its own. An empty line among the headers begins the body.</summary>
    public static async Task<RawAnswer> SendAsync(int port, string method, string target, params string[] headers)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, patience.Token);
        await using var stream = client.GetStream();
        var host = headers.Any(header => header.StartsWith("Host:", StringComparison.Ordinal)) ? "" : "Host: app.example\r\n";
        var text = $"{method} {target} HTTP/1.1\r\n{host}Connection: close\r\n{string.Concat(headers.Select(header => $"{header}\r\n"))}\r\n";
        await stream.WriteAsync(Encoding.Latin1.GetBytes(text), patience.Token);
        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer, patience.Token);
        return RawAnswer.Parse(Encoding.UTF8.GetString(answer.ToArray()));
    }
}

/// <summary>An answer.</summary>
internal sealed record RawAnswer(int Status, ILookup<string, string> Headers, string Body)
{
    /// <summary>The problem document's code.</summary>
    public string? Code => Body.StartsWith('{') && JsonElement.Parse(Body).TryGetProperty("code", out var code) ? code.GetString() : null;

    /// <summary>A header's one value; null when it is missing, an error when it stands there twice.</summary>
    public string? Header(string name) => Headers[name].SingleOrDefault();

    public static RawAnswer Parse(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        Assert.True(end > 0, $"no answer: {text}");
        var lines = text[..end].Split("\r\n");
        var headers = lines.Skip(1).Select(line => line.Split(':', 2)).ToLookup(pair => pair[0], pair => pair[1].Trim(), StringComparer.OrdinalIgnoreCase);
        var body = text[(end + 4)..];
        return new RawAnswer(int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), headers, headers["Transfer-Encoding"].Contains("chunked") ? Join(body) : body);
    }

    private static string Join(string chunked)
    {
        var body = new StringBuilder();
        while (chunked.Split("\r\n", 2) is [var size, var rest] && int.Parse(size, NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and var length)
        {
            body.Append(rest, 0, length);
            chunked = rest[(length + 2)..];
        }

        return body.ToString();
    }
}
