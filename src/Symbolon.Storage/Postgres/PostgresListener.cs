using Microsoft.Extensions.Logging;
using Npgsql;

namespace Symbolon.Storage;

/// <summary>Wakes this server when another one appends to the revocation log, or asks or answers how far verifiers have come (<c>LISTEN</c>).</summary>
/// <remarks>A notification says only that there is something: who is woken reads. While the listening connection is down, one looks often instead.</remarks>
internal sealed class PostgresListener : IAsyncDisposable
{
    /// <summary>The channel on which servers say that they have appended to the revocation log.</summary>
    public const string Revocations = "symbolon_revocations";

    /// <summary>The channel on which they say that they have asked or answered how far verifiers have come.</summary>
    public const string Receipts = "symbolon_receipts";

    private const string Listen = $"LISTEN {Revocations}; LISTEN {Receipts}";

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100), Pause = TimeSpan.FromSeconds(1);

    private readonly PostgresDatabase database;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly CancellationTokenSource stopping = new();
    private Task listening = Task.CompletedTask;
    private volatile bool isListening;

    public PostgresListener(PostgresDatabase database, TimeProvider time, ILogger log) => (this.database, this.time, this.log) = (database, time, log);

    /// <summary>Begins to listen.</summary>
    public void Start() => listening = Task.Run(ListenAsync);

    /// <summary>For how long one may wait to be woken: as long as one likes, while there is somebody who wakes.</summary>
    public TimeSpan Patience(TimeSpan atMost) => isListening || atMost < Look ? atMost : Look;

    public async ValueTask DisposeAsync()
    {
        if (stopping.IsCancellationRequested) return;
        await stopping.CancelAsync();
        await listening;
        stopping.Dispose();
    }

    private async Task ListenAsync()
    {
        var failed = false;
        while (!stopping.IsCancellationRequested)
        {
            // A connection that broke leaves Npgsql's callback behind, which throws when its token is cancelled: so each has a token of its own.
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
            try
            {
                await using var connection = await database.ConnectAsync(ends.Token);
                connection.Notification += (_, what) => Wake(what.Channel);
                await connection.Command(Listen).RunAsync();
                (isListening, failed) = (true, Say(failed));
                WakeAll(); // what came before may have been missed
                while (true) await connection.WaitAsync(ends.Token);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is NpgsqlException or InvalidOperationException or OperationCanceledException)
            {
                isListening = false;
                if (!failed) log.ListenerFails((e as NpgsqlException)?.Text ?? e.Message);
                failed = true;
                WakeAll();
                await Task.Delay(Pause, time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Wake(string channel)
    {
        if (channel == Receipts) database.Servers.Changed();
        else database.Revoked.Notified();
    }

    private void WakeAll()
    {
        Wake(Revocations);
        Wake(Receipts);
    }

    private bool Say(bool failed)
    {
        if (failed) log.ListenerWorksAgain();
        return false;
    }
}
