namespace Symbolon.Mock.Control;

/// <summary>Turns the clock.</summary>
internal sealed record ClockRequest(TimeSpan? Advance = null, DateTimeOffset? Set = null);

/// <summary>Lets access tokens or sessions expire.</summary>
internal sealed record ExpireRequest(string? What = null, string? SessionId = null, string? Username = null);

/// <summary>Ends sessions.</summary>
internal sealed record RevokeRequest(string? SessionId = null, string? Username = null, bool All = false, string? Reason = null);

/// <summary>Sets roles.</summary>
internal sealed record RolesRequest(string? Username = null, IReadOnlyList<string>? Roles = null);

/// <summary>Adds a fault.</summary>
internal sealed record FaultRequest(
    string? Kind = null, string? Method = null, string? Path = null, int? Status = null, TimeSpan? RetryAfter = null, string? Code = null,
    MockDelay? Delay = null, int? Times = null, int? Skip = null, double? Probability = null);

/// <summary>Nothing to say.</summary>
internal sealed record EmptyRequest;
