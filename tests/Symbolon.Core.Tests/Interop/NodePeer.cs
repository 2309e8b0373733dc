using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Symbolon.Interop;

/// <summary>The npm packages <c>jose</c> and <c>jsonwebtoken</c>, asked through <c>tests/interop/jwt.mjs</c>.</summary>
internal static class NodePeer
{
    /// <summary>Runs all jobs in one Node process; one result per job, in order.</summary>
    public static JsonElement[] Run(IEnumerable<JsonObject> jobs)
    {
        var folder = RepositoryFiles.At("tests/interop");
        Assert.True(
            Directory.Exists(Path.Combine(folder, "node_modules", "jose")) && Directory.Exists(Path.Combine(folder, "node_modules", "jsonwebtoken")),
            "tests/interop has no node_modules: run ./test.sh, which installs them, or 'npm ci' in tests/interop.");

        using var node = Start(folder);
        var output = node.StandardOutput.ReadToEndAsync();
        var errors = node.StandardError.ReadToEndAsync();
        node.StandardInput.Write(new JsonArray([.. jobs]).ToJsonString());
        node.StandardInput.Close();
        Assert.True(node.WaitForExit(TimeSpan.FromSeconds(60)), "node did not end within a minute.");
        Assert.True(node.ExitCode == 0, $"node failed: {errors.Result}");
        return [.. JsonElement.Parse(output.Result).EnumerateArray()];
    }

    private static Process Start(string folder)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("node", ["jwt.mjs"])
            {
                UseShellExecute = false,
                WorkingDirectory = folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException("Node.js 20 or newer is needed for the interoperability tests: run ./test.sh, which installs it.", e);
        }
    }
}
