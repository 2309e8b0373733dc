using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Symbolon.Authority.Accounts;
using Symbolon.Authority.Ports;

namespace Symbolon.Storage;

/// <summary>Puts PostgreSQL behind the ports. <see cref="PostgresDatabase.OpenAsync"/> has to be called before the first use.</summary>
internal static class PostgresStorage
{
    public static void AddTo(IServiceCollection services, Action<PostgresOptions> configure)
    {
        services.AddOptions<PostgresOptions>().Configure(configure).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddSingleton<PostgresMetrics>();
        services.AddSingleton(provider => new PostgresDatabase(
            provider.GetRequiredService<IOptions<PostgresOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<PostgresMetrics>(),
            Log(provider)));
        services.AddSingleton(provider => new PostgresListener(provider.GetRequiredService<PostgresDatabase>(), provider.GetRequiredService<TimeProvider>(), Log(provider)));
        services.AddSingleton(provider => new PostgresEventPartitions(provider.GetRequiredService<PostgresDatabase>(), provider.GetRequiredService<TimeProvider>(), Log(provider)));
        services.AddSingleton<ISessionStore, PostgresSessionStore>();
        services.AddSingleton<ISubjectStore, PostgresSubjectStore>();
        services.AddSingleton<IRevocationLog, PostgresRevocationLog>();
        services.AddSingleton<IKeyStore, PostgresKeyStore>();
        services.AddSingleton<IEventLog, PostgresEventLog>();
        services.AddSingleton<IServerRegistry, PostgresServerRegistry>();
        services.AddSingleton<IUserStore<SymbolonUser>, PostgresUserStore>();
    }

    private static ILogger Log(IServiceProvider provider) => provider.GetRequiredService<ILoggerFactory>().CreateLogger("Symbolon.Storage");
}
