using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.AspNetCore;
using Symbolon.Gateway.Hosting;

namespace Symbolon.Gateway.Support;

/// <summary>The gateway as it is composed, listening on a loopback port of its own in the test's process.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly DirectoryInfo folder;

    private GatewayHost(WebApplication app, DirectoryInfo folder) => (this.app, this.folder) = (app, folder);

    public int Port => new Uri(app.Urls.Single()).Port;

    public string RulesPath => Path.Combine(folder.FullName, "rules.yaml");

    public T Get<T>() where T : notnull => app.Services.GetRequiredService<T>();

    /// <summary>Starts it.</summary>
    /// <param name="rules">The rules' file; null for none.</param>
    /// <param name="sources">Where keys and the rest come from; null for what the settings say.</param>
    /// <param name="settings">Configuration below <c>Gateway:</c>.</param>
    public static async Task<GatewayHost> StartAsync(string? rules, TokenCheckSources? sources, params (string Key, string Value)[] settings)
    {
        var own = Directory.CreateTempSubdirectory("symbolon-gateway-");
        List<string> args = ["--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default", "Error", "--Logging:LogLevel:Microsoft.Hosting.Lifetime", "Error"];
        if (!settings.Any(setting => setting.Key == "Issuer")) args.AddRange(["--Gateway:Issuer", TestIssuer.Name]);
        if (rules is not null)
        {
            var path = Path.Combine(own.FullName, "rules.yaml");
            await File.WriteAllTextAsync(path, rules);
            args.AddRange(["--Gateway:Rules", path]);
        }

        foreach (var (key, value) in settings) args.AddRange([$"--Gateway:{key}", value]);
        var built = Composition.Build([.. args], sources);
        await built.StartAsync();
        return new GatewayHost(built, own);
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
