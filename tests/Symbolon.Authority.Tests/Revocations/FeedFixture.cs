using Microsoft.Extensions.DependencyInjection;
using Symbolon.Authority.Ports;
using Symbolon.Authority.Tests.OAuth;
using Symbolon.Authority.Tests.Support;
using Symbolon.Revocation;
using Symbolon.Sessions;

namespace Symbolon.Authority.Tests.Revocations;

/// <summary>A server with verifiers, and a clock whose timers fire when it is turned.</summary>
internal static class FeedServer
{
    public static IEnumerable<(string Key, string Value)> Settings =>
        [.. ClientsFixture.Client(0, "gateway", "revocations"), .. ClientsFixture.Client(1, "edge", "revocations"), .. ClientsFixture.Client(2, "reader", "read")];

    public static Task<TestServer> StartAsync(FiringTime clock, IEnumerable<(string Key, string Value)>? settings = null, Action<IServiceCollection>? services = null) =>
        TestServer.StartAsync(Settings.Concat(settings ?? []), all =>
        {
            all.AddSingleton<TimeProvider>(clock);
            services?.Invoke(all);
        });

    /// <summary>Appends entries of tokens; answers the newest number.</summary>
    public static async Task<long> RevokeAsync(this TestServer server, int count = 1)
    {
        var (log, now) = (server.Get<IRevocationLog>(), server.Get<TimeProvider>().GetUtcNow());
        for (var i = 0; i < count; i++)
            await log.AppendTokenAsync(RevocationEntry.OfToken(Guid.NewGuid().ToString("N"), now), new SessionEvent(EventKind.SessionEnded, now), int.MaxValue, default);
        return await server.NewestAsync();
    }

    public static async Task<long> NewestAsync(this TestServer server) => (await server.Get<IRevocationLog>().ReadAsync(null, 0, default))!.Newest;

    public static async Task<string> TimelineAsync(this TestServer server) => (await server.Get<IRevocationLog>().ReadAsync(null, 0, default))!.Timeline;

    /// <summary>Says what a verifier says each second.</summary>
    public static async Task<Answer> AcknowledgeAsync(
        this TestServer server, string token, long seq, string verifier = "api", string instance = "1", string? timeline = null,
        string whenStale = "deny", double maxStaleness = 5, bool? leaving = null) => await server.PostAsync(
            "/revocations/ack",
            new { verifier, instance, timeline = timeline ?? await server.TimelineAsync(), seq, max_staleness = maxStaleness, when_stale = whenStale, leaving = leaving ?? false },
            token);
}
