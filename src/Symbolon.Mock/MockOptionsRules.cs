using Symbolon.Authority.Accounts;
using Symbolon.Mock.Control;
using Symbolon.Mock.Faults;

namespace Symbolon.Mock;

/// <summary>Which options make sense; a message names the option of the command as well.</summary>
internal static class MockOptionsRules
{
    private static readonly (TimeSpan Least, TimeSpan Most) Access = (TimeSpan.FromSeconds(30), TimeSpan.FromHours(1)), Refresh = (TimeSpan.FromMinutes(1), TimeSpan.FromDays(3650));
    private static readonly TimeSpan LongestLatency = TimeSpan.FromMinutes(1);

    /// <summary>Refuses what makes none.</summary>
    /// <exception cref="MockOptionsException">Says what was expected.</exception>
    public static void Check(MockOptions options)
    {
        Within("--ttl", options.AccessTokenLifetime, Access);
        Within("--refresh-ttl", options.RefreshTokenLifetime, Refresh);
        if (options.Latency is { } latency && (latency.Least < TimeSpan.Zero || latency.Least > latency.Most || latency.Most > LongestLatency))
            throw new MockOptionsException($"--latency {latency}: expected 0 to {Lengths.Write(LongestLatency)}, the shorter length first.");
        foreach (var fault in options.Faults)
            if (FaultRules.Complaint(fault) is { } why) throw new MockOptionsException($"--fault kind={FaultNames.Of(fault.Kind)}: {why}");
        foreach (var account in options.Accounts)
            if (!RoleRules.Fit(account.Roles)) throw new MockOptionsException($"The roles of the account '{account.UserName}' must be {RoleRules.Form}.");
        foreach (var origin in options.CorsOrigins)
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.GetLeftPart(UriPartial.Authority) != origin)
                throw new MockOptionsException($"--cors {origin}: expected an origin such as https://app.example: scheme, host and port alone, in lower case.");
        }
    }

    private static void Within(string name, TimeSpan? value, (TimeSpan Least, TimeSpan Most) bounds)
    {
        if (value is { } length && (length < bounds.Least || length > bounds.Most))
            throw new MockOptionsException($"{name} {Lengths.Write(length)}: expected {Lengths.Write(bounds.Least)} to {Lengths.Write(bounds.Most)}.");
    }
}
