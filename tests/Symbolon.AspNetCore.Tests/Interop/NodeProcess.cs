using System.Diagnostics;
using System.Text.Json;

namespace Symbolon.AspNetCore.Tests.Interop;

/// <summary>A script of <c>tests/interop</c>, running.</summary>
internal sealed class NodeProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process process;
    private readonly Task<string> errors;

    private NodeProcess(Process process) => (this.process, errors) = (process, process.StandardError.ReadToEndAsync());

    public static NodeProcess Start(string script, object input)
    {
        var folder = Path.Combine(Repository.Root, "tests", "interop");
        Assert.True(Directory.Exists(Path.Combine(folder, "node_modules")), "tests/interop has no node_modules: run ./test.sh, which installs them, or 'npm ci' in tests/interop.");
        var node = Process.Start(new ProcessStartInfo("node", [script])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        node.StandardInput.Write(JsonSerializer.Serialize(input));
        node.StandardInput.Close();
        return new NodeProcess(node);
    }

    /// <summary>The next line that it prints.</summary>
    public async Task<JsonElement> ReadAsync()
    {
        var line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);
        return line is not null ? JsonElement.Parse(line) : throw new InvalidOperationException($"The script ended: {await errors}");
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }
}
