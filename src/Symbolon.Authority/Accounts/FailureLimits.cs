using System.Net;
using Microsoft.Extensions.Options;
using Symbolon.Authority.Ports;
using Symbolon.Sessions;

namespace Symbolon.Authority.Accounts;

/// <summary>Counts password guesses before they are checked: few for a name from one address prefix, more for the name from anywhere, so that nobody locks a stranger out cheaply.</summary>
/// <remarks>DESIGN §8; ASVS 5.0 6.1.1, 6.3.1. Names that do not exist are counted too: a count must not tell that one does.</remarks>
internal sealed class FailureLimits(ISubjectStore subjects, IOptions<AuthorityOptions> options)
{
    private const int NameFactor = 10;

    /// <summary>Counts one attempt; answers how long to wait, or null to go on.</summary>
    public async Task<TimeSpan?> CountAsync(Guess guess, DateTimeOffset now, CancellationToken ct)
    {
        var (most, window) = (options.Value.Accounts.MaxFailures, options.Value.Accounts.LockFor);
        AttemptLimit[] limits = [new(guess.Keys[0], most), new(guess.Keys[1], most * NameFactor)];
        var counts = await subjects.CountAttemptAsync(limits, window, ct);
        return counts[^1].Count > limits[counts.Count - 1].Limit ? counts[^1].ResetsAt - now : null; // the last one counted is the only one that can be full
    }

    /// <summary>Takes an attempt back that succeeded.</summary>
    public ValueTask ForgiveAsync(Guess guess, CancellationToken ct) => subjects.ForgiveAttemptAsync(guess.Keys, ct);
}

/// <summary>Whose password is guessed, and from where; kept as digests.</summary>
/// <param name="Keys">The name at the address prefix, and the name.</param>
internal readonly record struct Guess(IReadOnlyList<Bytes16> Keys)
{
    public static Guess Of(string normalizedName, IPAddress? address) =>
        new([Bytes16.HashOf($"guess\n{normalizedName}\n{AddressPrefix.Of(address, 24, 48)}"), Bytes16.HashOf($"guess\n{normalizedName}")]);
}
