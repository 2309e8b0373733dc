using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Symbolon.Authority.Ports;
using Symbolon.Sessions;

namespace Symbolon.Authority.Operations;

/// <summary>Ends what has expired and deletes what was kept for long enough, in small batches in the order of ids, so that it never holds anybody up.</summary>
internal sealed class Housekeeping(
    ISessionStore sessions, ISubjectStore subjects, HousekeepingLogs logs, IOptions<AuthorityOptions> options, TimeProvider time, AuthorityTelemetry telemetry)
    : BackgroundService
{
    // 500 rows a second: a million sessions are looked at twice an hour, for a few milliseconds of work each second.
    internal static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private const int Batch = 500;
    private SessionId? last;

    /// <summary>One step: one batch of rows, from where the last one stopped.</summary>
    public async Task StepAsync(CancellationToken ct)
    {
        var rows = await sessions.ScanAsync(last, Batch, ct);
        last = rows.Count < Batch ? null : rows[^1].Id;
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        foreach (var session in rows)
        {
            if (session.Ending is not null || SessionLifetime.Expiry(session, now) is not { } expiry) continue;
            var end = SessionEnd.Of(session, expiry, by: null, now);
            if (await sessions.TryExpireAsync(session, end, ct)) telemetry.Ended(end);
        }

        var old = rows.Where(session => session.Ending is { } ending && ending.At + options.Value.Retention.EndedSessions <= now).Select(session => session.Id).ToList();
        if (old.Count > 0) await sessions.PurgeAsync(old, ct);
        await subjects.PurgeAttemptsAsync(options.Value.Accounts.LockFor, ct);
        await logs.PurgeAsync(now - options.Value.Retention.Events, Batch, ct);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await StepAsync(stoppingToken);
            }
            catch (StoreUnavailableException e)
            {
                telemetry.HousekeepingStopped(e);
            }
        }
    }
}

/// <summary>The two logs that grow old.</summary>
internal sealed class HousekeepingLogs(IRevocationLog revocations, IEventLog events)
{
    /// <summary>Drops what is past its time, at most <paramref name="most"/> of each.</summary>
    public async Task PurgeAsync(DateTimeOffset eventsBefore, int most, CancellationToken ct)
    {
        await revocations.CompactAsync(most, ct);
        await events.PurgeAsync(eventsBefore, most, ct);
    }
}
