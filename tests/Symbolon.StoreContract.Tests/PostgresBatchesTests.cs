using Npgsql;
using Symbolon.Authority.Ports;
using Symbolon.Sessions;
using Symbolon.Storage;

namespace Symbolon.StoreContract;

/// <summary>What shares a statement shares nothing else: neither another's fault nor, for longer than a statement may take, another's delay.</summary>
public sealed class PostgresBatchesTests : IDisposable
{
    private readonly PostgresStores stores = new();

    public void Dispose() => stores.Dispose();

    [Fact]
    public async Task Find_AnswersTheOthers_WhenOneRowCannotBeRead()
    {
        foreach (var number in Enumerable.Range(1, 20)) Assert.True(await stores.Sessions.TryStartAsync(Records.Start(Records.Session(number, new SubjectId($"s{number}"))), [], default));
        await ExecuteAsync("UPDATE symbolon.sessions SET salt = '\\x00' WHERE subject = 's7'");

        var batches = new PostgresSessionFinds(stores.Database);
        var finds = await WhileHeldAsync(() => Enumerable.Range(1, 20).Select(number => batches.RunAsync(Records.Id(number), default)).ToArray());

        for (var number = 1; number <= 20; number++)
            if (number == 7) await Assert.ThrowsAnyAsync<Exception>(() => finds[number - 1]);
            else Assert.Equal(Records.Id(number), (await finds[number - 1]).Session!.Id);
    }

    /// <summary>4,096 that wait for a database that answers nothing: the last one waited for all rounds before it.</summary>
    [Fact]
    public async Task Find_IsRefused_WhenItHasWaitedForLongerThanAStatementMayTake()
    {
        var batches = new PostgresSessionFinds(stores.Database);
        var answered = new List<Task<SessionFacts>>();
        Task<SessionFacts> late;
        await using (await HoldAsync())
        {
            for (var busy = 1; busy <= 2; busy++)
            {
                answered.Add(batches.RunAsync(Records.Id(busy), default));
                await WaitersAsync(busy);
            }

            late = batches.RunAsync(Records.Id(3), default);
            stores.Time.Advance(stores.Database.Options.CommandTimeout + TimeSpan.FromMilliseconds(1));
        }

        await Task.WhenAll(answered);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => late);
    }

    private async Task<Task<SessionFacts>[]> WhileHeldAsync(Func<Task<SessionFacts>[]> start)
    {
        await using var held = await HoldAsync();
        return start();
    }

    // While it is held no statement of the store begins.
    private async Task<NpgsqlConnection> HoldAsync()
    {
        var connection = new NpgsqlConnection($"{stores.ConnectionString};Pooling=false");
        await connection.OpenAsync();
        await new NpgsqlCommand("BEGIN; LOCK TABLE symbolon.system IN ACCESS EXCLUSIVE MODE", connection).ExecuteNonQueryAsync();
        return connection;
    }

    private async Task WaitersAsync(long count) => await Patiently.TrueAsync(
        async () => (long?)await ScalarAsync("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'symbolon.system'::regclass") == count, () => "nobody waits");

    private async Task ExecuteAsync(string sql) => await ScalarAsync(sql);

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = new NpgsqlConnection($"{stores.ConnectionString};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
