using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Symbolon.Testing;

namespace Symbolon.Gateway.Support;

/// <summary>A real proxy with its sample's own configuration, on ports and in a folder of its own.</summary>
internal sealed class ProxyProcess : IAsyncDisposable
{
    private const UnixFileMode ReadableByAll =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), Pause = TimeSpan.FromMilliseconds(20);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("symbolon-proxy-");
    private readonly ConcurrentQueue<string> output = [];
    private readonly Process process;

    private ProxyProcess(string sample, string samplePort, int gateway, int service, Func<string, string, string[]> command)
    {
        if (!OperatingSystem.IsWindows()) folder.UnixFileMode = ReadableByAll; // nginx's workers are nobody when the tests are root
        Port = FreePort();
        var configuration = File.ReadAllText(Path.Combine(Repository.Root, "samples", sample))
            .Replace(samplePort, samplePort.Replace(samplePort.Split(':')[^1], $"{Port}", StringComparison.Ordinal), StringComparison.Ordinal)
            .Replace("127.0.0.1:5090", $"127.0.0.1:{gateway}", StringComparison.Ordinal)
            .Replace("127.0.0.1:5070", $"127.0.0.1:{service}", StringComparison.Ordinal);
        var file = Path.Combine(folder.FullName, Path.GetFileName(sample));
        File.WriteAllText(file, configuration);
        var words = command(folder.FullName, file);
        var start = new ProcessStartInfo(words[0], words[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder.FullName };
        foreach (var name in new[] { "HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME" }) start.Environment[name] = folder.FullName;
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => output.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => output.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        AppDomain.CurrentDomain.ProcessExit += KillAtExit;
    }

    public int Port { get; }

    public string Output => string.Join('\n', output);

    public static Task<ProxyProcess> NginxAsync(int gateway, int service) => ReadyAsync(new ProxyProcess(
        "nginx/nginx.conf", "127.0.0.1:8080", gateway, service, (folder, file) => ["/usr/sbin/nginx", "-e", "stderr", "-p", folder, "-c", file]));

    public static Task<ProxyProcess> CaddyAsync(int gateway, int service) => ReadyAsync(new ProxyProcess(
        "caddy/Caddyfile", ":8081", gateway, service, (_, file) => ["caddy", "run", "--config", file, "--adapter", "caddyfile"]));

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= KillAtExit;
        Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        folder.Delete(recursive: true);
    }

    private static async Task<ProxyProcess> ReadyAsync(ProxyProcess proxy)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            Assert.False(proxy.process.HasExited, $"The proxy ended.\n{proxy.Output}");
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, $"The proxy does not listen.\n{proxy.Output}");
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, proxy.Port);
                return proxy;
            }
            catch (SocketException)
            {
                await Task.Delay(Pause);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, port: 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void KillAtExit(object? sender, EventArgs e) => Kill();

    private void Kill()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
    }
}
