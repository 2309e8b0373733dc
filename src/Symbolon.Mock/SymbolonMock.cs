using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Symbolon.Authority.Accounts;
using Symbolon.Mock.Control;
using Symbolon.Mock.Hosting;
using Symbolon.Sessions;

namespace Symbolon.Mock;

/// <summary>A back end with the real engine in memory, which listens on this machine until it is disposed. Its clock, its faults and its log are yours. Safe for concurrent use.</summary>
public sealed class SymbolonMock : IAsyncDisposable
{
    private readonly SemaphoreSlim resetting = new(1);
    private readonly WorldPlan plan;
    private volatile World world;
    private Listener? listener;
    private int resets;

    private SymbolonMock(WorldPlan plan, World world, Uri url) => (this.plan, this.world, Url) = (plan, world, url);

    /// <summary>Where it answers, for example <c>http://localhost:43210/</c>.</summary>
    public Uri Url { get; }

    /// <summary>Its clock.</summary>
    public MockClock Clock => plan.Clock;

    /// <summary>Its faults.</summary>
    public MockFaults Faults => plan.Faults;

    /// <summary>Its log.</summary>
    public MockLog Log => plan.Log;

    /// <summary>A client with <see cref="Url"/> as its base address. Dispose it.</summary>
    public HttpClient CreateClient() => new() { BaseAddress = Url };

    /// <summary>Has access tokens expire that were given out so far, or sessions.</summary>
    /// <param name="what">Which of the two.</param>
    /// <param name="userName">Whose; everybody's when both this and <paramref name="sessionId"/> are null.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>How many live sessions were concerned.</returns>
    /// <exception cref="ArgumentException">There is no such user or session.</exception>
    /// <remarks>Turns the clock on to the next whole second, since that is how exactly tokens say when they were issued.</remarks>
    public async Task<int> ExpireAsync(MockExpiry what = MockExpiry.Access, string? userName = null, string? sessionId = null, CancellationToken ct = default) =>
        await Operations.ExpireAsync(what, new SessionTarget(sessionId, userName), ct) ?? throw Unknown(userName, sessionId);

    /// <summary>Ends sessions, as an administrator does.</summary>
    /// <param name="userName">Whose; everybody's when both this and <paramref name="sessionId"/> are null.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="reason">What clients are told.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>How many were ended.</returns>
    /// <exception cref="ArgumentException">There is no such user or session.</exception>
    public async Task<int> RevokeAsync(string? userName = null, string? sessionId = null, EndReason reason = EndReason.EndedByAdmin, CancellationToken ct = default) =>
        await Operations.RevokeAsync(new SessionTarget(sessionId, userName), reason, ct) ?? throw Unknown(userName, sessionId);

    /// <summary>Sets a user's roles: access tokens with the old ones are answered 401 <c>claims_stale</c>, and refreshing brings the new ones.</summary>
    /// <exception cref="ArgumentException">There is no such user, or these can be nobody's roles.</exception>
    public async Task SetRolesAsync(string userName, IReadOnlyList<string> roles, CancellationToken ct = default)
    {
        if (!RoleRules.Fit(roles)) throw new ArgumentException($"Roles are {RoleRules.Form}.", nameof(roles));
        _ = await Operations.SetRolesAsync(userName, roles, ct) ?? throw Unknown(userName, sessionId: null);
    }

    /// <summary>Begins anew at the same address with the same keys: users, sessions, data, faults, clock and log as at the start. Tokens of before do not count any more.</summary>
    public async Task ResetAsync(CancellationToken ct = default)
    {
        await resetting.WaitAsync(ct);
        try
        {
            var before = world;
            plan.Clock.Reset();
            world = await World.StartAsync(plan, ++resets, ct);
            plan.Faults.Reset();
            plan.Log.Clear();
            _ = before.DisposeAsync().AsTask(); // this very call may be one that it still has to answer
        }
        finally
        {
            resetting.Release();
        }
    }

    /// <summary>Stops listening, and forgets everything.</summary>
    public async ValueTask DisposeAsync()
    {
        var ending = world.DisposeAsync().AsTask(); // ends its streams, for which the listener would wait
        if (listener is not null) await listener.DisposeAsync();
        await ending;
        resetting.Dispose();
    }

    internal static async Task<SymbolonMock> StartAsync(MockOptions options, Action<ILoggingBuilder>? logging, CancellationToken ct)
    {
        MockOptionsRules.Check(options);
        var content = MockContent.Load(options);
        var (urls, url) = Addresses.Of(options, content.Profile);
        SymbolonMock? mock = null;
        var made = new WorldPlan(options, content, new MockClock(TimeProvider.System), new MockFaults([.. options.Faults], options.Seed), new MockLog())
        {
            Issuer = url.IsLoopback ? url.GetLeftPart(UriPartial.Authority) : $"http://localhost:{url.Port}", // the engine knows no other issuer without https
            Logging = logging,
            ResetAsync = token => mock!.ResetAsync(token),
        };
        mock = new SymbolonMock(made, await World.StartAsync(made, era: 0, ct), url);
        try
        {
            var connections = new Connections();
            made.Faults.CutAsync = connections.CloseIdleAsync;
            mock.listener = await Listener.StartAsync(urls, () => mock.world, connections, ct);
            return mock;
        }
        catch
        {
            await mock.DisposeAsync();
            throw;
        }
    }

    private ControlOperations Operations => world.Services.GetRequiredService<ControlOperations>();

    private static ArgumentException Unknown(string? userName, string? sessionId) =>
        new(new SessionTarget(sessionId, userName).Missing);
}
