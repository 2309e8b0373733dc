using Symbolon.Authority.Operations;
using Symbolon.Authority.Ports;
using Symbolon.Cluster.Support;
using Symbolon.Sessions;

namespace Symbolon.Cluster.Faults;

/// <summary>A database that does not answer: so many wait, the others are told at once to come again, and what is held does not grow with what is offered.</summary>
public sealed class SlowDatabaseTests
{
    private const int QueueLimit = 16, MaxBatch = 8, Sessions = 20;

    // The queue, and the two batches that are under way.
    private const int Most = QueueLimit + (2 * MaxBatch);

    [Fact]
    public async Task Refresh_IsRefusedAtOnce_WhenTooManyWaitForTheDatabase()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var cluster = await Support.Cluster.CreateAsync(
            postgres,
            ("Symbolon:Storage:QueueLimit", $"{QueueLimit}"), ("Symbolon:Storage:MaxBatch", $"{MaxBatch}"), ("Symbolon:Storage:CommandTimeout", "00:01:00"));
        var node = await cluster.StartAsync();
        var tokens = new List<string>();
        while (tokens.Count < Sessions) tokens.Add((await node.StartSessionAsync()).RefreshToken);

        await postgres.PauseAsync();
        var offered = Enumerable.Range(0, 5 * Sessions).Select(number => node.Api.RefreshAsync(tokens[number % Sessions])).ToList();
        await Patiently.TrueAsync(() => offered.Count(request => !request.IsCompleted) <= Most, "all but those who wait are answered");
        var refused = offered.Where(request => request.IsCompleted).ToList();
        foreach (var request in refused)
        {
            var answer = await request;
            Assert.Equal((503, "unavailable", true), (answer.Status, answer.Code, answer.HasRetryAfter));
        }

        // Twenty times as many: nobody else waits, and every single one was told so.
        var refresh = node.Get<RefreshSession>();
        var more = Enumerable.Range(0, 100 * Sessions).Select(number => PresentAsync(refresh, tokens[number % Sessions])).ToList();
        await Patiently.TrueAsync(() => offered.Count(request => !request.IsCompleted) + more.Count(request => !request.IsCompleted) <= Most, "nobody else waits");

        postgres.Resume();
        foreach (var request in offered.Except(refused)) Assert.Contains((await request).Status, new[] { 200, 503 });
        Assert.InRange((await Task.WhenAll(more)).Count(isServed => isServed), 0, Most);
        foreach (var token in tokens) Assert.Equal(200, (await node.Api.RefreshAsync(token)).Status);
    }

    // False: come again.
    private static async Task<bool> PresentAsync(RefreshSession refresh, string token)
    {
        try
        {
            return await refresh.RunAsync(new RefreshCommand(token, ClientId: null, SessionTransport.Body, Attempt: null), default) is RefreshOutcome.Issued;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }
}
