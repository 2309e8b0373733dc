using Symbolon.AspNetCore;
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
    private readonly SteadyClock clock = new(time);
    private SessionId? last;

    /// <summary>One step: one batch of rows, from where the last one stopped. A clock that was set a moment ago is waited for.</summary>
    public async Task StepAsync(CancellationToken ct)
    {
        if (!clock.IsSteady()) return;
        var rows = await sessions.ScanAsync(last, Batch, ct);
        last = rows.Count < Batch ? null : rows[^1].Session!.Id;
        var old = new List<SessionId>();
        foreach (var row in rows)
        {
            switch (SessionSweep.Decide(row, options.Value.Retention.EndedSessions))
            {
                case SweepDecision.End end when await sessions.TryExpireAsync(row.Session!, end.What, ct): telemetry.Ended(end.What); break;
                case SweepDecision.Purge: old.Add(row.Session!.Id); break;
            }
        }

        if (old.Count > 0) await sessions.PurgeAsync(old, ct);
        await subjects.PurgeAttemptsAsync(options.Value.Accounts.LockFor, Batch, ct);
        await logs.PurgeAsync(options.Value.Retention.Events, ct);
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
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Whatever it is, a row that cannot be read too: who only cleans up must not end the server.
                telemetry.HousekeepingStopped(e);
            }
        }
    }
}

/// <summary>The two logs that grow old.</summary>
internal sealed class HousekeepingLogs(IRevocationLog revocations, IEventLog events)
{
    // Each rotation writes an event, so that what was written in a busy second is dropped in a second too; ten transactions at the most.
    private const int Batch = 1000, Rounds = 10;

    /// <summary>Drops what is past its time.</summary>
    public async Task PurgeAsync(TimeSpan eventsAfter, CancellationToken ct)
    {
        await revocations.CompactAsync(Batch, ct);
        for (var round = 0; round < Rounds && await events.PurgeAsync(eventsAfter, Batch, ct) == Batch; round++) { }
    }
}
