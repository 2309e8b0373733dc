using Npgsql;
using Symbolon.Authority.Ports;
using Symbolon.Storage;

namespace Symbolon.StoreContract;

/// <summary>What the storage relies on holds whatever the connection string, the database or its other users say.</summary>
public sealed class PostgresSettingsTests
{
    [Fact]
    public void Complete_KeepsWhatIsReliedOn_WhenOptionsAreGiven()
    {
        var options = Complete("Host=db;Database=symbolon;Options=-c work_mem=8MB -c statement_timeout=7000").Options!;
        Assert.Contains("idle_in_transaction_session_timeout=2500", options, StringComparison.Ordinal);
        Assert.True(options.LastIndexOf("statement_timeout=7000", StringComparison.Ordinal) > options.IndexOf("statement_timeout=5000", StringComparison.Ordinal));
    }

    /// <summary>A server that was just shutting down counted as one that tells no timeline, for as long as the program ran: a failover would have begun none.</summary>
    [Theory]
    [InlineData(PostgresErrorCodes.FeatureNotSupported, true)]
    [InlineData(PostgresErrorCodes.UndefinedFunction, true)]
    [InlineData(PostgresErrorCodes.InsufficientPrivilege, true)]
    [InlineData(PostgresErrorCodes.AdminShutdown, false)]
    [InlineData(PostgresErrorCodes.TooManyConnections, false)]
    [InlineData(PostgresErrorCodes.QueryCanceled, false)]
    public void IsNotOffered_OnlyWhereTheServerSaysSo(string state, bool isNotOffered) =>
        Assert.Equal(isNotOffered, new PostgresException("no", "ERROR", "ERROR", state).IsNotOffered);

    /// <summary>Both waited for five seconds: the client was first, gave up its connection, and with it all idle ones.</summary>
    [Fact]
    public void Complete_LetsTheServerEndASlowStatementFirst()
    {
        var builder = Complete("Host=db;Database=symbolon");
        Assert.Contains("statement_timeout=5000", builder.Options, StringComparison.Ordinal);
        Assert.Equal(6, builder.CommandTimeout);
    }

    [Fact]
    public async Task Open_MakesCommitsDurable_WhenTheDatabaseSaysOtherwise()
    {
        var (server, connectionString) = (await PostgresServer.SharedAsync(), await PostgresStores.CreateAsync());
        var name = new NpgsqlConnectionStringBuilder(connectionString).Database;
        await server.ExecuteAsync($"ALTER DATABASE {name} SET synchronous_commit = off");
        await using (var database = PostgresStores.Open(connectionString, TimeProvider.System))
            Assert.Equal(["on"], await database.ReadAsync(connection => connection.Command("SHOW synchronous_commit").ListAsync(static row => row.Text()), default));
        await server.DropDatabaseAsync(connectionString);
    }

    /// <summary>An exact match in a schema that is searched is preferred to PostgreSQL's own polymorphic function (CVE-2018-1058).</summary>
    [Fact]
    public async Task Find_UsesPostgresOwnFunctions_WhenAnotherUserMadeOnesOfTheSameName()
    {
        var (server, connectionString) = (await PostgresServer.SharedAsync(), await PostgresStores.CreateAsync());
        await server.ExecuteAsync(
            "CREATE FUNCTION public.unnest(uuid[]) RETURNS SETOF uuid LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'hijacked'; END $$", new NpgsqlConnectionStringBuilder(connectionString).Database!);
        await using (var database = PostgresStores.Open(connectionString, TimeProvider.System))
            Assert.Null((await new PostgresSessionStore(database).FindAsync(Records.Id(1), default)).Session);
        await server.DropDatabaseAsync(connectionString);
    }

    private static NpgsqlConnectionStringBuilder Complete(string connectionString) => new(new PostgresOptions { ConnectionString = connectionString }.Complete());
}
