using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Symbolon.Authority.Accounts;
using Symbolon.Authority.Ports;

namespace Symbolon.Storage;

/// <summary>Puts SQLite behind the ports. <see cref="SqliteDatabase.Open"/> has to be called before the first use.</summary>
internal static class SqliteStorage
{
    public static void AddTo(IServiceCollection services, string connectionString)
    {
        var file = SqliteOptions.DataSourceOf(connectionString);
        AddTo(services, options => options.DataSource = file);
    }

    public static void AddTo(IServiceCollection services, Action<SqliteOptions> configure)
    {
        services.AddOptions<SqliteOptions>().Configure(configure).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new SqliteDatabase(
            provider.GetRequiredService<IOptions<SqliteOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>().CreateLogger("Symbolon.Storage")));
        services.AddSingleton<ISessionStore, SqliteSessionStore>();
        services.AddSingleton<ISubjectStore, SqliteSubjectStore>();
        services.AddSingleton<IRevocationLog, SqliteRevocationLog>();
        services.AddSingleton<IKeyStore, SqliteKeyStore>();
        services.AddSingleton<IEventLog, SqliteEventLog>();
        services.AddSingleton<IServerRegistry, SqliteServerRegistry>();
        services.AddSingleton<IUserStore<SymbolonUser>, SqliteUserStore>();
    }
}
