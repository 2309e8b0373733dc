using System.Security.Cryptography;
using System.Text;
using Symbolon.Bench.Processes;

namespace Symbolon.Bench.Refresh;

/// <summary>The real server in a process of its own, on a seeded database.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>The client for verifiers: its id, and its secret.</summary>
    public const string Verifier = "verifier", VerifierSecret = "only the verifiers of this bench";

    private readonly MeasuredProcess process;

    private ServerProcess(MeasuredProcess process, int port) => (this.process, Port) = (process, port);

    public int Port { get; }

    public int Id => process.Id;

    /// <summary>User and system time of the server so far.</summary>
    public TimeSpan CpuTime => process.CpuTime;

    public static async Task<ServerProcess> StartAsync(Seed seed, params (string Name, string Value)[] settings)
    {
        var port = MeasuredProcess.FreePort();
        var start = MeasuredProcess.Ours(MeasuredProcess.Built("Symbolon.Server", "symbolon.dll"), port,
        [
            ("Symbolon__Issuer", Seed.Issuer),
            ("Symbolon__MasterKeys__0__Id", "1"),
            ("Symbolon__MasterKeys__0__Value", Convert.ToBase64String(seed.MasterKey)),
            ("Symbolon__Admin__Password", Guid.NewGuid().ToString()),
            .. seed.Storage, .. settings,
        ]);
        return new ServerProcess(await MeasuredProcess.StartAsync(start, new Uri($"http://127.0.0.1:{port}/health/ready")), port);
    }

    /// <summary>The settings of an authority whose tokens last as long as a bench, and that has a client for verifiers.</summary>
    public static (string Name, string Value)[] ForVerifiers() =>
    [
        ("Symbolon__AccessToken__Lifetime", "00:50:00"),
        ("Symbolon__Clients__0__Id", Verifier),
        ("Symbolon__Clients__0__SecretHash", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(VerifierSecret)))),
        ("Symbolon__Clients__0__Scopes__0", "revocations"),
    ];

    public void Pause() => process.Pause();

    public void Resume() => process.Resume();

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
