using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using Symbolon.AspNetCore;
using Symbolon.Testing;

namespace Symbolon.Edge.Processes;

/// <summary>A running API that checks tokens. Killed at the latest when the test is over.</summary>
internal sealed class ApiProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly Process process;
    private readonly ConcurrentQueue<string> output = [];
    private readonly TaskCompletionSource<Uri> address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HttpClient? http;

    private ApiProcess(ApiSettings settings)
    {
        Settings = settings;
        string[] command = [Path.Combine(AppContext.BaseDirectory, "Symbolon.Edge.Tests.dll"), EdgeApi.Command, .. settings.ToArguments()];
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", command) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.Exited += (_, _) => output.Enqueue($"(ended with {process.ExitCode})");
        process.Exited += (_, _) => address.TrySetException(new InvalidOperationException($"The API ended instead of starting.\n{Output}"));
        AppDomain.CurrentDomain.ProcessExit += KillAtExit;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public ApiSettings Settings { get; }

    public string Name => Settings.Name;

    /// <summary>The last that it printed.</summary>
    public string Output => string.Join('\n', output.TakeLast(40));

    /// <summary>All that it printed.</summary>
    public string AllOutput => string.Join('\n', output);

    public HttpClient Http => http!;

    /// <summary>Starts one and waits until it listens.</summary>
    public static async Task<ApiProcess> StartAsync(ApiSettings settings)
    {
        var api = new ApiProcess(settings);
        try
        {
            api.http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = await api.address.Task.WaitAsync(Patiently.Patience), Timeout = Patiently.Patience };
            return api;
        }
        catch
        {
            await api.DisposeAsync();
            throw;
        }
    }

    /// <summary>What it says to a token: null when it is accepted, else the problem's code.</summary>
    public async Task<string?> CheckAsync(string accessToken, string path = "/orders")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", accessToken);
        using var response = await SendAsync(request);
        if (response.IsSuccessStatusCode) return null;
        return (await response.Content.ReadFromJsonAsync<ShownProblem>())!.Code;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        try
        {
            return await http!.SendAsync(request);
        }
        catch (HttpRequestException e)
        {
            throw new InvalidOperationException($"{Name} at {http!.BaseAddress} did not answer.\n{Output}", e);
        }
    }

    public async Task<ShownView> ViewAsync() => (await http!.GetFromJsonAsync<ShownView>("/view"))!;

    /// <summary>Waits until it accepts a token.</summary>
    public Task AcceptsAsync(string accessToken) => SaysAsync(accessToken, null);

    /// <summary>Waits until it says this to a token.</summary>
    public async Task SaysAsync(string accessToken, string? code)
    {
        string? last = null;
        await Patiently.TrueAsync(async () => (last = await CheckAsync(accessToken)) == code, () => $"{Name} says {last ?? "yes"}, not {code ?? "yes"}.\n{Output}");
    }

    /// <summary>SIGSTOP: it stands still, as a machine does that sleeps. On a busy machine its threads go on for a moment after the signal was sent.</summary>
    public async Task PauseAsync()
    {
        Signals.Stop.SendTo(process);
        await Patiently.TrueAsync(() => Directory.EnumerateFiles($"/proc/{process.Id}/task", "stat", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 }).All(IsStopped), "each of its threads stands still");
    }

    public void Resume() => Signals.Continue.SendTo(process);

    /// <summary>SIGTERM, and its end.</summary>
    public async Task StopAsync()
    {
        Signals.Terminate.SendTo(process);
        await process.WaitForExitAsync().WaitAsync(Patiently.Patience);
    }

    // "4711 (the name, which may be anything) T 1 …"
    private static bool IsStopped(string stat) => File.ReadAllText(stat) is var text && text[text.LastIndexOf(')')..].StartsWith(") T", StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= KillAtExit;
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        http?.Dispose();
    }

    private void Read(string? line)
    {
        if (line is null) return;
        output.Enqueue(line);
        var at = line.IndexOf(Listening, StringComparison.Ordinal);
        if (at >= 0) address.TrySetResult(new Uri(line[(at + Listening.Length)..]));
    }

    private void KillAtExit(object? sender, EventArgs e) => process.Kill();

    private sealed record ShownProblem(string Code);
}

/// <summary>How an API is started.</summary>
/// <param name="Name">Its name in receipts.</param>
/// <param name="Authority">The authority.</param>
internal sealed record ApiSettings(string Name, Uri Authority)
{
    /// <summary>How old its view may be.</summary>
    public TimeSpan MaxStaleness { get; init; } = TimeSpan.FromSeconds(2);

    public WhenStale WhenStale { get; init; } = WhenStale.Deny;

    /// <summary>The relay that it reaches the authority through; null to go straight.</summary>
    public int? Via { get; init; }

    /// <summary>Keys that it has before it asked for any; null for none.</summary>
    public string? InitialJwks { get; init; }

    /// <summary>Whether it logs all there is.</summary>
    public bool LogsAll { get; init; }

    public IEnumerable<string> ToArguments()
    {
        const string scheme = "Authentication:Schemes:" + SymbolonDefaults.AuthenticationScheme;
        yield return "--urls=http://127.0.0.1:0";
        yield return $"--{scheme}:Authority={Authority.GetLeftPart(UriPartial.Authority)}";
        yield return $"--{scheme}:Audience=api";
        yield return $"--{scheme}:ClientId={Authorities.VerifierId}";
        yield return $"--{scheme}:ClientSecret={Authorities.VerifierSecret}";
        yield return $"--{scheme}:VerifierName={Name}";
        yield return $"--{scheme}:MaxStaleness={MaxStaleness:c}";
        yield return $"--{scheme}:WhenStale={WhenStale}";
        yield return $"--{scheme}:Cookie=access";
        yield return $"--{scheme}:QueryPaths:0=/events";
        if (LogsAll)
        {
            yield return $"--{EdgeApi.LogsAll}=true";
            yield return "--Logging:LogLevel:Default=Trace";
            yield return "--Logging:LogLevel:Microsoft.AspNetCore=Trace";
            yield return "--Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics=Warning"; // as docs/token-sources.md says
        }

        if (InitialJwks is not null) yield return $"--{scheme}:InitialJwks={InitialJwks}";
        if (Via is { } port) yield return $"--{EdgeApi.Via}={port}";
    }
}
