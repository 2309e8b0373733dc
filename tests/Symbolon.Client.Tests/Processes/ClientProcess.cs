using System.Diagnostics;
using Symbolon.Testing;

namespace Symbolon.Client.Tests.Processes;

/// <summary>A running <see cref="ClientProgram"/>. Killed at the latest when the test is over.</summary>
internal sealed class ClientProcess : IAsyncDisposable
{
    private readonly Process process;

    private ClientProcess(string[] args, Uri? proxy)
    {
        string[] command = [Path.Combine(AppContext.BaseDirectory, "Symbolon.Client.Tests.dll"), ClientProgram.Command, .. args];
        var how = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", command) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        if (proxy is not null) (how.Environment["http_proxy"], how.Environment["no_proxy"]) = (proxy.AbsoluteUri, "");
        process = Process.Start(how)!;
    }

    /// <summary>Starts one and waits until it is ready.</summary>
    public static async Task<ClientProcess> StartAsync(Uri authority, string folder, string? clientId = null, Uri? proxy = null)
    {
        var client = new ClientProcess(clientId is null ? [authority.ToString(), folder] : [authority.ToString(), folder, clientId], proxy);
        Assert.StartsWith("ready", await client.ReadAsync());
        return client;
    }

    /// <summary>Has it make so many calls.</summary>
    /// <returns>What came of them.</returns>
    public async Task<string> CallAsync(int times)
    {
        Ask(times);
        return await ReadAsync();
    }

    /// <summary>The same without waiting.</summary>
    public void Ask(int times) => process.StandardInput.WriteLine(times);

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) await KillAsync();
        process.Dispose();
    }

    private async Task<string> ReadAsync() => await process.StandardOutput.ReadLineAsync().WaitAsync(Patiently.Patience) ?? "(ended)";
}
