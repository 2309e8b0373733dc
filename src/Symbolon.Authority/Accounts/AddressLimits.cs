using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Symbolon.Authority.Accounts;

/// <summary>How many log-ins and registrations one address may try in a minute.</summary>
internal sealed class AddressLimits(IOptions<AuthorityOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<string> logins = PerMinute(options.Value.Accounts.LoginsPerMinute);
    private readonly PartitionedRateLimiter<string> registrations = PerMinute(options.Value.Accounts.RegistrationsPerMinute);

    /// <summary>Null to go on, else how long to wait.</summary>
    public TimeSpan? Login(IPAddress? address) => Take(logins, address);

    /// <summary>Null to go on, else how long to wait.</summary>
    public TimeSpan? Registration(IPAddress? address) => Take(registrations, address);

    public void Dispose()
    {
        logins.Dispose();
        registrations.Dispose();
    }

    private static TimeSpan? Take(PartitionedRateLimiter<string> limiter, IPAddress? address)
    {
        using var lease = limiter.AttemptAcquire(AddressPrefix.Of(address, 32, 48));
        return lease.IsAcquired ? null : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromMinutes(1);
    }

    private static PartitionedRateLimiter<string> PerMinute(int permits) => PartitionedRateLimiter.Create<string, string>(address =>
        RateLimitPartition.GetFixedWindowLimiter(address, _ => new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = TimeSpan.FromMinutes(1) }));
}
