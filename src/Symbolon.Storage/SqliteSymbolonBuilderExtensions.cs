using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Symbolon.Authority;
using Symbolon.Storage;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts the authority on SQLite.</summary>
public static class SqliteSymbolonBuilderExtensions
{
    /// <summary>Keeps everything in one SQLite file. It is made, and brought up to date, at start.</summary>
    /// <param name="builder">The authority.</param>
    /// <param name="connectionString">For example <c>Data Source=symbolon.db</c>.</param>
    /// <param name="configure">Anything else.</param>
    /// <exception cref="StorageStartException">The connection string cannot be read.</exception>
    public static SymbolonBuilder AddSqlite(this SymbolonBuilder builder, string connectionString, Action<SqliteOptions>? configure = null)
    {
        var file = SqliteOptions.DataSourceOf(connectionString);
        SqliteStorage.AddTo(builder.Services, options =>
        {
            options.DataSource = file;
            configure?.Invoke(options);
        });
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<AuthorityOptions>, DevelopmentMasterKey>());
        builder.Services.AddHostedService<SqliteStart>();
        return builder;
    }
}
