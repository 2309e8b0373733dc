using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Symbolon.Server.Processes;

/// <summary>How a server is started: its folder, its address, its configuration.</summary>
internal sealed record ServerSettings(TempFolder Folder)
{
    private static int lastPort = 20_000 + RandomNumberGenerator.GetInt32(8_000);

    public int Port { get; init; } = FreePort();

    public string Environment { get; init; } = "Production";

    public string? Listen { get; init; }

    /// <summary>A program that starts the server: its name and arguments, or nothing.</summary>
    public ImmutableArray<string> Wrapper { get; init; } = [];

    public ImmutableDictionary<string, string> Configuration { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Where it listens unless <see cref="Listen"/> says otherwise, and its issuer unless configured otherwise.</summary>
    public string Address => $"http://127.0.0.1:{Port}";

    /// <summary>A server that could stand in production, but for its loopback address.</summary>
    public static ServerSettings Complete(TempFolder folder)
    {
        var settings = new ServerSettings(folder);
        return settings
            .With("Symbolon:Issuer", settings.Address)
            .With("Symbolon:MasterKeys:0:Id", "1")
            .With("Symbolon:MasterKeys:0:File", folder.Write("master.key", NewMasterKey()))
            .With("ConnectionStrings:Symbolon", $"Data Source={folder.Database}")
            .With("Symbolon:Accounts:LoginsPerMinute", "100000")
            .With("Symbolon:Accounts:RegistrationsPerMinute", "100000");
    }

    public static string NewMasterKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public ServerSettings With(string key, string value) => this with { Configuration = Configuration.SetItem(key, value) };

    public ServerSettings Without(string key) => this with { Configuration = Configuration.Remove(key) };

    /// <summary>The same configuration as arguments.</summary>
    public string[] ToArguments() =>
        ["--urls", Listen ?? Address, "--environment", Environment, .. Configuration.SelectMany(pair => new[] { $"--{pair.Key}", pair.Value })];

    // Below the ports that outgoing connections take, so that a restarted server finds its port free.
    private static int FreePort()
    {
        while (true)
        {
            var port = Interlocked.Increment(ref lastPort);
            using var probe = new TcpListener(IPAddress.Loopback, port);
            try
            {
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // taken: the next one
            }
        }
    }
}
