namespace Symbolon.Mock;

/// <summary>How a mock works. Everything has a default: a mock without options has the users <c>admin</c> and <c>user</c>, each with its name as the password, and protected routes under <c>/api</c>.</summary>
public sealed class MockOptions
{
    /// <summary>Where it listens, plain http. Default in code: a free loopback port; for the command: http://localhost:5081, or what the profile's original uses.</summary>
    public IList<string> Urls { get; } = [];

    /// <summary>The same seed gives the same keys, user ids, latencies and faults. Default 1.</summary>
    public int Seed { get; set; } = 1;

    /// <summary>Life of access tokens, exactly: 30 seconds to 1 hour. Default 10 minutes, or the profile's.</summary>
    public TimeSpan? AccessTokenLifetime { get; set; }

    /// <summary>Longest time without a refresh: 1 minute to 3650 days. Default 14 days, or the profile's.</summary>
    public TimeSpan? RefreshTokenLifetime { get; set; }

    /// <summary>How long each request waits before it is looked at, in real time. Default: not at all, or as the profile's original.</summary>
    public MockDelay? Latency { get; set; }

    /// <summary>Faults that stand from the start, and again after each reset.</summary>
    public IList<MockFault> Faults { get; } = [];

    /// <summary>Origins that may call from a browser, such as <c>https://app.example</c>, beside every loopback origin.</summary>
    public IList<string> CorsOrigins { get; } = [];

    /// <summary>The accounts; the profile's or <c>admin</c> and <c>user</c> when this is empty and there is no <see cref="AccountsFile"/>.</summary>
    public IList<MockAccount> Accounts { get; } = [];

    /// <summary>The routes; the profile's or the default ones when this is empty and there is no <see cref="RoutesFile"/>.</summary>
    public IList<MockRoute> Routes { get; } = [];

    /// <summary>A file of accounts, or null.</summary>
    public string? AccountsFile { get; set; }

    /// <summary>A file of routes, or null.</summary>
    public string? RoutesFile { get; set; }

    /// <summary>A file of data to serve as REST, or null.</summary>
    public string? DataFile { get; set; }

    /// <summary>The well-known mock to behave like, or null.</summary>
    public string? Profile { get; set; }

    /// <summary>Whether the profile keeps the bugs of its original.</summary>
    public bool IsBugCompatible { get; set; }
}
