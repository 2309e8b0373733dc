using Microsoft.AspNetCore.HttpOverrides;
using Symbolon.Authority;
using Symbolon.Authority.Accounts;
using Symbolon.Server.Accounts;

namespace Symbolon.Server.Hosting;

/// <summary>The composition root: everything the server is made of, in one place.</summary>
internal static class Composition
{
    public static async Task<int> RunAsync(string[] args, CancellationToken ct)
    {
        await using var app = Build(args);
        await app.StartAsync(ct);
        Failure.StartIsOver();
        await app.WaitForShutdownAsync(ct);
        return 0;
    }

    public static WebApplication Build(string[] args) => Build(Configure(args));

    /// <summary>What runs, on what <see cref="Configure"/> prepared.</summary>
    public static WebApplication Build(WebApplicationBuilder builder)
    {
        builder.Services.AddHostedService<FirstAdministrator>();
        var app = builder.Build();
        TransportRule.Require(app);

        app.UseForwardedHeaders();
        app.UseExceptionHandler(ServerProblems.OnException);
        app.UseStatusCodePages(ServerProblems.OnStatusCode);
        if (app.Configuration["Symbolon:PathBase"] is { Length: > 0 } pathBase) app.UsePathBase(pathBase);
        app.UseSecurityHeaders();
        app.UseRouting();
        app.UseCors();
        app.UseAuthentication();
        app.UseAuthorization();

        app.MapSymbolon("/auth");
        app.MapSymbolonHealth();
        app.MapSymbolonClient();
        app.MapOpenApi();
        app.MapPage();
        return app;
    }

    /// <summary>Configuration and services, without what runs: commands use them too.</summary>
    public static WebApplicationBuilder Configure(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        var configuration = builder.Configuration;
        if (!Listening.IsConfigured(configuration)) builder.WebHost.UseUrls(Listening.Default);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);

        var symbolon = builder.Services.AddSymbolon(options => Listening.IssuerInDevelopment(options, builder.Environment, configuration));
        StorageChoice.AddTo(symbolon, configuration);
        symbolon.AddOwnAccounts();
        builder.Services.AddSymbolonOpenApi();
        builder.Services.Configure<ForwardedHeadersOptions>(options => Listening.BelieveProxies(options, configuration));
        builder.Services.AddHsts(hsts => hsts.MaxAge = TimeSpan.FromDays(365));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
        Failure.KeepTracesOutOfTheStart(builder.Logging);
        return builder;
    }
}
