using System.Text.Json.Serialization;
using Symbolon.AspNetCore;
using Symbolon.Mock.Faults;

namespace Symbolon.Mock.Control;

/// <summary>The clock.</summary>
internal sealed record ClockResponse(DateTimeOffset Now, long OffsetMs)
{
    public static ClockResponse Of(MockClock clock) => new(clock.Now, (long)clock.Offset.TotalMilliseconds);
}

/// <summary>How many sessions were concerned.</summary>
internal sealed record ExpiredResponse(int Expired);

/// <summary>How many sessions were ended.</summary>
internal sealed record EndedResponse(int Ended);

/// <summary>A user's roles.</summary>
internal sealed record RolesResponse(string Username, IReadOnlyList<string> Roles, int ClaimsVersion);

/// <summary>A fault that stands.</summary>
internal sealed record FaultResponse(
    string Id, string Kind, string? Method, string? Path, int? Status, TimeSpan? RetryAfter, string? Code, MockDelay? Delay, int? Times, int Skip, double Probability)
{
    public static FaultResponse Of(string id, MockFault fault) => new(
        id, FaultNames.Of(fault.Kind), fault.Method, fault.Path, fault.Kind == MockFaultKind.Status ? fault.Status : null, fault.RetryAfter, fault.Code,
        fault.Delay.IsNone ? null : fault.Delay, fault.Times, fault.Skip, fault.Probability);
}

/// <summary>The faults that stand.</summary>
internal sealed record FaultListResponse(IReadOnlyList<FaultResponse> Items)
{
    public static FaultListResponse Of(MockFaults faults) => new([.. faults.Items.Select(one => FaultResponse.Of(one.Key, one.Value))]);
}

/// <summary>The log.</summary>
internal sealed record LogResponse(IReadOnlyList<LogItem> Items, long Next, IReadOnlyDictionary<string, int> Counts);

/// <summary>A request.</summary>
internal sealed record LogItem(
    long N, DateTimeOffset At, string Method, string Path, int? Status, string? Code, string? SessionId, [property: JsonPropertyName("username")] string? UserName, string? Fault, double? DurationMs)
{
    public static LogItem Of(MockLogEntry entry) => new(
        entry.N, entry.At, entry.Method, entry.Path, entry.Status, entry.Code, entry.SessionId, entry.UserName, entry.Fault,
        entry.Duration is { } duration ? Math.Round(duration.TotalMilliseconds, 1) : null);
}

/// <summary>Everything at a glance.</summary>
internal sealed record StateResponse(
    DateTimeOffset Now, string? Profile, int Seed, IReadOnlyList<UserItem> Users, IReadOnlyList<SessionItem> Sessions, IReadOnlyList<FaultResponse> Faults,
    IReadOnlyList<RouteItem> Routes, IReadOnlyDictionary<string, int> Counts);

/// <summary>A user.</summary>
internal sealed record UserItem(string Username, IReadOnlyList<string> Roles);

/// <summary>A session.</summary>
internal sealed record SessionItem(string SessionId, string? Username, bool Live, string? Reason, int Generation, DateTimeOffset ExpiresAt);

/// <summary>A route.</summary>
internal sealed record RouteItem(string Path, IReadOnlyList<string>? Methods, bool? Anonymous, IReadOnlyList<string>? Roles, string? Scope, string? Mode)
{
    public static RouteItem Of(MockRoute route) => new(
        route.Path, route.Methods.Count > 0 ? route.Methods : null, route.IsAnonymous ? true : null, route.Roles.Count > 0 ? route.Roles : null, route.Scope,
        route.Mode == SymbolonMode.Revocable ? null : route.Mode.ToString().ToLowerInvariant());
}
