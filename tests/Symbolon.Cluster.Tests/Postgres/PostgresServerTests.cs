using Npgsql;

namespace Symbolon.Cluster.Postgres;

/// <summary>The tests' own PostgreSQL.</summary>
public sealed class PostgresServerTests
{
    [Fact]
    public async Task CreateDatabase_CopiesTemplate_AndNothingElse()
    {
        var server = await PostgresServer.SharedAsync();
        var original = await server.CreateDatabaseAsync();
        await using (var connection = new NpgsqlConnection(original))
        {
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("CREATE TABLE kept AS SELECT 42 AS answer", connection);
            await command.ExecuteNonQueryAsync();
        }
        var copy = await server.CreateDatabaseAsync(template: original);
        var empty = await server.CreateDatabaseAsync();

        Assert.Equal(42, await server.ScalarAsync<int>("SELECT answer FROM kept", Name(copy)));
        await Assert.ThrowsAsync<PostgresException>(() => server.ExecuteAsync("SELECT answer FROM kept", Name(empty)));

        foreach (var database in new[] { original, copy, empty }) await server.DropDatabaseAsync(database);
        Assert.Equal(0, await server.ScalarAsync<long>($"SELECT count(*) FROM pg_database WHERE datname IN ('{Name(original)}', '{Name(copy)}', '{Name(empty)}')"));
    }

    [Fact]
    public async Task Server_AsksForPassword_AndIsNotRoot()
    {
        var server = await PostgresServer.SharedAsync();
        var wrong = new NpgsqlConnectionStringBuilder(server.ConnectionString()) { Password = "guessed", Pooling = false }.ConnectionString;

        await using var connection = new NpgsqlConnection(wrong);
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync());

        Assert.Equal(PostgresErrorCodes.InvalidPassword, refusal.SqlState);
        Assert.DoesNotContain("Uid:\t0\t", await File.ReadAllTextAsync($"/proc/{server.ProcessId}/status"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kill_EndsEveryProcess_AndStartAgainHasTheData()
    {
        await using var server = await PostgresServer.StartAsync();
        await server.ExecuteAsync("CREATE TABLE kept AS SELECT 42 AS answer");
        await using var connection = new NpgsqlConnection(server.ConnectionString());
        await connection.OpenAsync();
        var backend = connection.ProcessID;

        await server.KillAsync();
        Assert.True(ProcessFamily.HasEnded(backend));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => server.ExecuteAsync("SELECT 1"));
        await server.StartAgainAsync();

        Assert.Equal(42, await server.ScalarAsync<int>("SELECT answer FROM kept"));
    }

    [Fact]
    public async Task Pause_LeavesQuestionsOpen_UntilResumed()
    {
        await using var server = await PostgresServer.StartAsync();
        await server.PauseAsync();
        var answer = server.ScalarAsync<int>("SELECT 42");

        Assert.False(answer.IsCompleted);
        Assert.Contains("(stopped)", await File.ReadAllTextAsync($"/proc/{server.ProcessId}/status"), StringComparison.Ordinal);
        server.Resume();

        Assert.Equal(42, await answer);
    }

    [Fact]
    public async Task Dispose_LeavesNothing_WhateverTheServerDoes()
    {
        var server = await PostgresServer.StartAsync();
        await using var connection = new NpgsqlConnection(server.ConnectionString());
        await connection.OpenAsync();
        var (postmaster, backend) = (server.ProcessId!.Value, connection.ProcessID);
        await server.PauseAsync();

        await server.DisposeAsync();

        Assert.False(Directory.Exists(server.Folder));
        Assert.True(ProcessFamily.HasEnded(postmaster));
        Assert.True(ProcessFamily.HasEnded(backend));
    }

    [Fact]
    public async Task Start_SaysWhatTheServerSaid_WhenItCannot()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => PostgresServer.StartAsync(("shared_buffers", "none of your business")));
        Assert.Contains("shared_buffers", failure.Message, StringComparison.Ordinal);
    }

    private static string Name(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString).Database!;
}
