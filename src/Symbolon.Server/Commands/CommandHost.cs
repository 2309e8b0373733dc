using Microsoft.Extensions.Logging.Console;
using Symbolon.Server.Hosting;

namespace Symbolon.Server.Commands;

/// <summary>The server's services for a command: the same configuration, nothing listening, no background work.</summary>
internal static class CommandHost
{
    // What the command line needs of the arguments is not configuration.
    private static readonly string[] Words = ["keys", "list", "rotate", "after-restore", "doctor"];

    public static WebApplication Build(string[] args)
    {
        var builder = Composition.Configure([.. args.Where(arg => !Words.Contains(arg))]);
        builder.Logging.AddFilter<ConsoleLoggerProvider>(category: null, LogLevel.Warning); // what a command has to say, it prints
        return builder.Build();
    }

    /// <summary>Opens the store as a start of the server would.</summary>
    public static async Task OpenStoreAsync(WebApplication app)
    {
        foreach (var service in app.Services.GetServices<IHostedService>().OfType<IHostedLifecycleService>())
            await service.StartingAsync(CancellationToken.None);
    }
}
