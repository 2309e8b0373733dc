using System.Diagnostics;
using System.Text;

namespace Symbolon.Server.Processes;

/// <summary>The built <c>symbolon</c>, run as an operator runs it.</summary>
internal static class SymbolonProgram
{
    // Copied beside the tests, with its runtimeconfig, because the tests' project refers to the server's.
    private static readonly string Dll = Path.Combine(AppContext.BaseDirectory, "symbolon.dll");

    /// <summary>Starts it with both outputs redirected.</summary>
    public static Process Start(ServerSettings settings, params string[] arguments)
    {
        string[] command = [.. settings.Wrapper, Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", Dll, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            WorkingDirectory = settings.Folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var inherited in start.Environment.Keys.Where(IsConfiguration).ToList()) start.Environment.Remove(inherited);
        start.Environment["ASPNETCORE_ENVIRONMENT"] = settings.Environment;
        start.Environment["ASPNETCORE_URLS"] = settings.Listen ?? settings.Address;
        foreach (var (key, value) in settings.Configuration) start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        return Process.Start(start)!;
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<Run> RunAsync(ServerSettings settings, params string[] arguments)
    {
        using var process = Start(settings, arguments);
        using var patience = new CancellationTokenSource(Patiently.Patience);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
        try
        {
            await process.WaitForExitAsync(patience.Token);
            return new Run(process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static bool IsConfiguration(string name) =>
        name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase) || name.StartsWith("Symbolon", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("ConnectionStrings", StringComparison.OrdinalIgnoreCase) || name.StartsWith("Logging", StringComparison.OrdinalIgnoreCase)
        || name is "DOTNET_ENVIRONMENT" or "URLS";
}

/// <summary>How a command ended.</summary>
internal sealed record Run(int Code, string Output, string Errors)
{
    /// <summary>Fails unless it ended as an operator may expect: code 1, a message that says so, no trace.</summary>
    public void AssertRefuses(params string[] says)
    {
        Assert.True(Code == 1, $"exit code {Code}\n{Output}\n{Errors}");
        foreach (var text in says) Assert.Contains(text, Errors, StringComparison.Ordinal);
        Assert.Contains("symbolon: ", Errors, StringComparison.Ordinal);
        foreach (var text in new[] { "   at ", "Unhandled", "Exception" }) Assert.DoesNotContain(text, Output + Errors, StringComparison.Ordinal);
    }
}
