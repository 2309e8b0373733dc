using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Symbolon.Authority.Operations;
using Symbolon.Authority.Ports;

namespace Symbolon.Authority;

/// <summary>Keeps the key ring in step with the store, and makes the next key when it is due. Checks the master key's fingerprint first.</summary>
internal sealed class KeyRingRefresh(
    KeyRing ring, RotateSigningKeys rotation, InProcessRevocationFeed revoked, IOptions<AuthorityOptions> options, TimeProvider time, AuthorityTelemetry telemetry) : BackgroundService
{
    /// <summary>The first load runs before the server accepts a request; a store that is not there delays readiness, not the start.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await StepAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A key that another server has removed must not sign here until the next look: every verifier refuses what it signs.
        using var watch = revoked.Watch(added =>
        {
            if (added.RemovedKeys.Any()) _ = Task.Run(() => StepAsync(stoppingToken), stoppingToken);
        });
        using var timer = new PeriodicTimer(options.Value.SigningKeys.PollEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await StepAsync(stoppingToken);
    }

    internal async Task StepAsync(CancellationToken ct)
    {
        try
        {
            await rotation.RunIfDueAsync(ct);
            // A store that lost its last commits may have lost a removal, too: what was said to verifiers is said to it again.
            foreach (var kid in revoked.View.Denylist.RemovedKeys.Where(kid => ring.Current?.Find(kid) is not null)) await rotation.RemoveAsync(kid, by: null, ct);
        }
        catch (StoreUnavailableException e)
        {
            telemetry.KeysUnavailable(e, ring.Current is not null);
        }
    }
}
