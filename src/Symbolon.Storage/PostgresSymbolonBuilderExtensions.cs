using Symbolon.Authority;
using Symbolon.Storage;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts the authority on PostgreSQL.</summary>
public static class PostgresSymbolonBuilderExtensions
{
    /// <summary>Keeps everything in the schema <c>symbolon</c> of one PostgreSQL database (15 or later), which any number of servers share. It is made, and brought up to date, at start.</summary>
    /// <param name="builder">The authority.</param>
    /// <param name="connectionString">Npgsql's, for example <c>Host=db;Database=symbolon;Username=symbolon;Password=…</c>.</param>
    /// <param name="configure">Anything else.</param>
    /// <exception cref="StorageStartException">The connection string cannot be read.</exception>
    /// <remarks>A master key must be configured, the same for all servers: none is made here, in Development neither.</remarks>
    public static SymbolonBuilder AddPostgres(this SymbolonBuilder builder, string connectionString, Action<PostgresOptions>? configure = null)
    {
        PostgresOptions.Parse(connectionString);
        PostgresStorage.AddTo(builder.Services, options =>
        {
            options.ConnectionString = connectionString;
            configure?.Invoke(options);
        });
        builder.Services.AddHostedService<PostgresStart>();
        return builder;
    }
}
