using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Npgsql;
using Symbolon.Authority.Operations;
using Symbolon.Cluster.Support;
using Symbolon.Sessions;

namespace Symbolon.Cluster.Faults;

/// <summary>An authority is stopped in the middle of a transaction, and continued: others are not held up, and it answers by what holds now.</summary>
/// <remarks>
/// What it may still believe of before is bounded: the revocation log by 10 s, the ring of keys by 15 s. The full form stops it for 30 s, and holds its first answers
/// to that; the short form for as long as the others need, and then waits until it has noticed.
/// </remarks>
public sealed class PausedNodeTests
{
    private static TimeSpan Pause => Storm.IsLong ? TimeSpan.FromSeconds(30) : TimeSpan.Zero;

    private Task<Answer?> logIn = Task.FromResult<Answer?>(null);

    [Fact]
    public async Task Node_AnswersByWhatHoldsNow_WhenItWasStoppedAndContinued()
    {
        await using var cluster = await Support.Cluster.CreateAsync(null, ("Symbolon:Storage:CommandTimeout", "00:00:02"));
        var other = await cluster.StartAsync();
        var node = await cluster.StartProcessAsync();
        using var api = new Api(node.Address);
        var (ended, kept) = (await other.StartSessionAsync(ownSubject: true), await other.StartSessionAsync(ownSubject: true));
        var old = Kid(kept.AccessToken);
        foreach (var token in new[] { ended.AccessToken, kept.AccessToken }) Assert.Equal(200, (await api.GetAsync("/auth/session", token)).Status);

        await StopInTransactionAsync(cluster, node, api);
        var stoppedAt = Stopwatch.GetTimestamp();
        Assert.Equal(200, (await LogInAsync(other.Api)).Status); // waits until the database has ended the other's transaction
        Assert.True(await other.Get<RotateSigningKeys>().RemoveAsync(old, by: null, default));
        Assert.True(await other.Get<EndSessions>().OneAsync(ended.Session.Id, owner: null, EndReason.Logout, by: null, default));
        await Patiently.TrueAsync(() => Stopwatch.GetElapsedTime(stoppedAt) >= Pause, "the pause is over");
        node.Resume();

        var refused = await api.RefreshAsync(ended.RefreshToken);
        Assert.True(refused is { Status: 401, Code: "session_ended" }, $"{refused}");
        var refreshed = await api.RefreshAsync(kept.RefreshToken);
        Assert.True(refreshed.Status == 200, $"{refreshed}");
        if (Storm.IsLong)
        {
            Assert.NotEqual(200, (await api.GetAsync("/auth/session", ended.AccessToken)).Status);
            Assert.NotEqual(old, Kid(refreshed.AccessToken!));
        }

        await Patiently.TrueAsync(async () => (await api.GetAsync("/auth/session", ended.AccessToken)).Status == 401, () => "the end of a session has come");
        var next = await api.RefreshAsync(refreshed.RefreshToken!);
        Assert.NotEqual(old, Kid(next.AccessToken!)); // the key's removal is in the same log, before that
        Assert.Equal(200, (await api.GetAsync("/auth/session", next.AccessToken)).Status);
        Assert.True(await logIn is null or { Status: 503 }); // it was rolled back; its caller has given up, or is told
        Assert.Equal(200, (await LogInAsync(api)).Status);
    }

    // A log-in waits for the subject's row; stopped, the authority does not go on when it is given the row, and keeps it.
    private async Task StopInTransactionAsync(Support.Cluster cluster, ServerProcess node, Api api)
    {
        await using var rival = new NpgsqlConnection($"{cluster.ConnectionString};Pooling=false");
        await rival.OpenAsync();
        await using var transaction = await rival.BeginTransactionAsync();
        await using (var locks = new NpgsqlCommand("SELECT 1 FROM symbolon.subjects FOR UPDATE", rival)) await locks.ExecuteNonQueryAsync();
        logIn = api.TryAsync(LogInAsync);
        await cluster.WaitingAsync(count: 1);
        await node.PauseAsync();
        await transaction.CommitAsync();
    }

    private static Task<Answer> LogInAsync(Api api) =>
        api.PostAsync("/auth/login", new { username = Support.Cluster.AdminUserName, password = Support.Cluster.AdminPassword });

    private static string Kid(string token)
    {
        var head = token[..token.IndexOf('.', StringComparison.Ordinal)].Replace('-', '+').Replace('_', '/');
        return JsonElement.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(head.PadRight((head.Length + 3) / 4 * 4, '=')))).GetProperty("kid").GetString()!;
    }
}
