using Microsoft.Extensions.Options;
using Symbolon.Authority;
using Symbolon.Storage;

namespace Symbolon.Server.Hosting;

/// <summary>Where everything stands: <c>Symbolon:Storage:Provider</c> and <c>ConnectionStrings:Symbolon</c>.</summary>
internal static class StorageChoice
{
    private const string Section = "Symbolon:Storage", DefaultFile = "Data Source=symbolon.db";

    /// <summary>The provider's name: <c>sqlite</c>, <c>postgresql</c> or <c>memory</c>.</summary>
    public static string Provider(IConfiguration configuration) => configuration[$"{Section}:Provider"] ?? "sqlite";

    /// <summary>What the server connects to, without secrets.</summary>
    public static string Target(IConfiguration configuration)
    {
        var connectionString = configuration.GetConnectionString("Symbolon");
        return Provider(configuration) switch
        {
            "postgresql" => connectionString is null ? "" : PostgresOptions.Describe(connectionString),
            "memory" => "",
            _ => connectionString ?? DefaultFile,
        };
    }

    /// <summary>The settings of the chosen storage, as it understands them.</summary>
    public static IEnumerable<(string Key, string Value)> Settings(IServiceProvider services, IConfiguration configuration)
    {
        switch (Provider(configuration))
        {
            case "sqlite":
                yield return ($"{Section}:MaxBatch", $"{services.GetRequiredService<IOptions<SqliteOptions>>().Value.MaxBatch}");
                break;
            case "postgresql":
                var options = services.GetRequiredService<IOptions<PostgresOptions>>().Value;
                yield return ($"{Section}:MaxBatch", $"{options.MaxBatch}");
                yield return ($"{Section}:MaxConnections", $"{options.MaxConnections}");
                yield return ($"{Section}:QueueLimit", $"{options.QueueLimit}");
                yield return ($"{Section}:CommandTimeout", $"{options.CommandTimeout:c}");
                break;
        }
    }

    /// <summary>Puts the chosen storage behind the authority.</summary>
    public static void AddTo(SymbolonBuilder symbolon, IConfiguration configuration)
    {
        var connectionString = configuration.GetConnectionString("Symbolon");
        var settings = configuration.GetSection(Section);
        switch (Provider(configuration))
        {
            case "sqlite": symbolon.AddSqlite(connectionString ?? DefaultFile, options => options.MaxBatch = settings.GetValue("MaxBatch", options.MaxBatch)); break;
            case "memory": symbolon.AddInMemory(); break;
            case "postgresql":
                symbolon.AddPostgres(
                    connectionString ?? throw new ServerStartException("ConnectionStrings:Symbolon is missing. Write it like 'Host=db;Database=symbolon;Username=symbolon;Password=…'."),
                    options => Read(options, settings));
                break;
            case var other: throw new ServerStartException($"Symbolon:Storage:Provider is '{other}'; it must be sqlite, postgresql or memory.");
        }
    }

    private static void Read(PostgresOptions options, IConfigurationSection settings)
    {
        options.MaxBatch = settings.GetValue("MaxBatch", options.MaxBatch);
        options.MaxConnections = settings.GetValue("MaxConnections", options.MaxConnections);
        options.QueueLimit = settings.GetValue("QueueLimit", options.QueueLimit);
        options.CommandTimeout = settings.GetValue("CommandTimeout", options.CommandTimeout);
    }
}
