using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Symbolon.Authority.Tests.Support;

/// <summary>One server for the tests of a class. Tests use accounts of their own, so that they do not see each other.</summary>
public class ServerFixture : IAsyncLifetime
{
    private TestServer? server;

    internal TestServer Server => server!;

    internal virtual IEnumerable<(string Key, string Value)> Settings => [];

    public virtual async ValueTask InitializeAsync() => server = await TestServer.StartAsync(Settings, Change, Map);

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Server.DisposeAsync();
    }

    internal virtual void Change(IServiceCollection services)
    {
    }

    internal virtual void Map(WebApplication app)
    {
    }
}

/// <summary>The same on SQLite, on a file in a folder of its own.</summary>
public class SqliteServerFixture : ServerFixture
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("symbolon-");

    internal override IEnumerable<(string Key, string Value)> Settings =>
        [("Symbolon:Storage:Provider", "sqlite"), ("ConnectionStrings:Symbolon", $"Data Source={Path.Combine(folder.FullName, "symbolon.db")}")];

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
