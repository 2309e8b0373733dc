using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Symbolon.Authority.Ports;

namespace Symbolon.Authority.Accounts;

/// <summary>Computes password hashes a few at a time, so that a storm of log-ins cannot starve refreshes: more wait in a bounded queue, more than that are told to come again.</summary>
internal sealed class PasswordHashing(IOptions<AuthorityOptions> options) : IDisposable
{
    private readonly ConcurrencyLimiter limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = options.Value.Accounts.ConcurrentHashes > 0 ? options.Value.Accounts.ConcurrentHashes : Math.Max(1, Environment.ProcessorCount / 2),
        QueueLimit = options.Value.Accounts.QueuedHashes,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>Runs one hash computation.</summary>
    /// <exception cref="StoreUnavailableException">Too many wait already.</exception>
    public async Task<T> RunAsync<T>(Func<T> hash, CancellationToken ct)
    {
        using var lease = await limiter.AcquireAsync(1, ct);
        if (!lease.IsAcquired) throw new StoreUnavailableException("Too many password hashes are waiting.");
        return await Task.Run(hash, ct);
    }

    public void Dispose() => limiter.Dispose();
}
