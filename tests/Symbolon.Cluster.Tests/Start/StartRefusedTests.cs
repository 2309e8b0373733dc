using Npgsql;
using Symbolon.Cluster.Support;
using Symbolon.Server.Processes;
using Symbolon.Storage;

namespace Symbolon.Cluster.Start;

/// <summary>A database that cannot be used as it is: what an operator reads, and that nothing was made.</summary>
public sealed class StartRefusedTests : IAsyncLifetime
{
    private const string Secret = "a-password-that-nobody-may-read";
    private PostgresServer postgres = null!;
    private Support.Cluster cluster = null!;

    public async ValueTask InitializeAsync()
    {
        postgres = await PostgresServer.SharedAsync();
        cluster = await Support.Cluster.CreateAsync();
    }

    public async ValueTask DisposeAsync() => await cluster.DisposeAsync();

    [Theory]
    [InlineData("127.0.0.1:1", "The database server cannot be reached: Failed to connect to 127.0.0.1:1: Connection refused. Check host and port")]
    [InlineData("127.0.0.1:1,127.0.0.1:2", "Failed to connect to 127.0.0.1:1: Connection refused; Failed to connect to 127.0.0.1:2: Connection refused.")]
    [InlineData("no-such-host.invalid", "The database server cannot be reached: ")]
    public async Task Open_SaysWhy_WhenHostIsUnreachable(string host, string says) =>
        Assert.Contains(says, await RefusalAsync(settings => settings.Host = host), StringComparison.Ordinal);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Open_SaysWhy_WhenPasswordIsWrong(bool beside)
    {
        var refusal = await RefusalAsync(settings => (settings.Password, settings.Host) = (Secret, beside ? $"127.0.0.1:1,127.0.0.1:{settings.Port}" : settings.Host));

        Assert.StartsWith("The database refuses the log-in: password authentication failed for user \"symbolon\". Check user name and password", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_SaysWhy_WhenDatabaseIsMissing() =>
        Assert.StartsWith("Database \"nowhere\" does not exist. Make it (CREATE DATABASE", await RefusalAsync(settings => settings.Database = "nowhere"), StringComparison.Ordinal);

    [Fact]
    public async Task Open_NamesPrivilege_WhenUserMayNotCreate()
    {
        await using var user = await DatabaseUser.CreateAsync(postgres, cluster.ConnectionString);

        var refusal = await RefusalAsync(user.LogIn);

        Assert.StartsWith("A privilege is missing: permission denied for database ", refusal, StringComparison.Ordinal);
        Assert.Contains("GRANT CREATE ON DATABASE", refusal, StringComparison.Ordinal);
        Assert.Equal(0, await cluster.ScalarAsync<long>("SELECT count(*) FROM pg_namespace WHERE nspname = 'symbolon'"));
    }

    [Fact]
    public async Task Open_NamesPrivilege_WhenUserMayNotUseWhatIsThere()
    {
        await using var owner = await cluster.StartAsync();
        await using var user = await DatabaseUser.CreateAsync(postgres, cluster.ConnectionString);

        Assert.StartsWith("A privilege is missing: permission denied for schema symbolon.", await RefusalAsync(user.LogIn), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Program_EndsWith1AndOneLine_WhenDatabaseCannotBeUsed()
    {
        var wrong = new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { Password = Secret }.ConnectionString;
        foreach (var arguments in new string[][] { [], ["doctor"] })
        {
            var run = await SymbolonProgram.RunAsync(cluster.Settings(("ConnectionStrings:Symbolon", wrong)), arguments);

            run.AssertRefuses("The database refuses the log-in");
            Assert.Single(run.Errors.TrimEnd().Split('\n'));
            Assert.DoesNotContain(Secret, run.Output + run.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Doctor_OpensTheStoreAndShowsNoPassword()
    {
        var run = await SymbolonProgram.RunAsync(cluster.Settings(), "doctor");

        Assert.True(run.Code == 0, $"{run}");
        foreach (var text in new[] { "postgresql", "Username=symbolon", "Password=(set)", "MaxConnections", "The store opens." }) Assert.Contains(text, run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(postgres.Password, run.Output + run.Errors, StringComparison.Ordinal);
    }

    private async Task<string> RefusalAsync(Action<NpgsqlConnectionStringBuilder> change)
    {
        var settings = new NpgsqlConnectionStringBuilder(cluster.ConnectionString);
        change(settings);
        await using var source = NpgsqlDataSource.Create(new PostgresOptions { ConnectionString = settings.ConnectionString }.Complete());
        var refusal = await Assert.ThrowsAsync<StorageStartException>(() => PostgresSchema.PrepareAsync(source, PostgresSchema.Migrations, CancellationToken.None));
        Assert.DoesNotContain('\n', refusal.Message);
        Assert.DoesNotContain(settings.Password!, refusal.Message, StringComparison.Ordinal);
        return refusal.Message;
    }
}
