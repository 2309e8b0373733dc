using Npgsql;
using Symbolon.Authority.Ports;

namespace Symbolon.Storage;

/// <summary>Wakes the other servers (<c>NOTIFY</c>): after the commit, in a transaction of its own, since inside one it would make all commits of the database wait for each other.</summary>
/// <remarks>Those that come while one is under way share the next.</remarks>
internal sealed class PostgresNotifications(PostgresDatabase database, string channel)
{
    private int unsent;

    /// <summary>Sends one, soon.</summary>
    public void Send()
    {
        if (Interlocked.Increment(ref unsent) == 1) _ = Task.Run(SendAsync);
    }

    private async Task SendAsync()
    {
        int sent;
        do
        {
            sent = Volatile.Read(ref unsent);
            try
            {
                await database.RepeatableAsync(connection => connection.Command($"NOTIFY {channel}").RunAsync());
            }
            catch (Exception e) when (e is StoreUnavailableException or NpgsqlException or ObjectDisposedException)
            {
                // The others look for themselves each second; ten times a second where the server knows no LISTEN.
            }
        }
        while (Interlocked.Add(ref unsent, -sent) > 0);
    }
}
