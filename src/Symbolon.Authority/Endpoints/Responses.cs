using Symbolon.Authority.Accounts;
using Symbolon.Authority.Operations;
using Symbolon.Authority.Ports;
using Symbolon.Keys;
using Symbolon.Sessions;

namespace Symbolon.Authority.Endpoints;

/// <summary>A session, as its owner and administrators see it.</summary>
internal sealed record SessionResponse(
    string SessionId, string Sub, string ClientId, bool? Current, DeviceResponse Device, string? UserAgent, string? Ip, DateTimeOffset CreatedAt, DateTimeOffset AuthTime,
    DateTimeOffset LastSeenAt, DateTimeOffset ExpiresAt, DateTimeOffset EndsAt, bool Remember, DateTimeOffset? EndedAt, string? EndReason, string? EndedBy)
{
    public static SessionResponse Of(Session session, bool? current) => new(
        session.Id.ToString(), session.Subject.Value, session.ClientId, current, new DeviceResponse(session.Device.Id, session.Device.Name, session.Device.Type),
        session.UserAgent, session.IpAddress, session.CreatedAt, session.AuthTime, session.LastSeenAt, session.ExpiresAt, session.EndsAt, session.Remember,
        session.Ending?.At, session.Ending?.Reason.Code(), session.Ending?.By);
}

/// <summary>A device.</summary>
internal sealed record DeviceResponse(string Id, string? Name, string? Type);

/// <summary>A page of sessions.</summary>
internal sealed record SessionListResponse(IReadOnlyList<SessionResponse> Items, string? Next)
{
    public static SessionListResponse Of(SessionPage page, SessionId? current) =>
        new([.. page.Items.Select(session => SessionResponse.Of(session, current is { } id ? session.Id == id : null))], page.Next?.ToString());
}

/// <summary>How many sessions ended.</summary>
internal sealed record EndedResponse(int Ended)
{
    public ReceiptResponse? Receipt { get; init; }
}

/// <summary>The subject, as it sees itself.</summary>
internal sealed record AccountResponse(string Sub, string Username, string? Email, string? DisplayName, IReadOnlyList<string> Roles, DateTimeOffset? CreatedAt)
{
    public static AccountResponse Of(Account account) =>
        new(account.Id.Value, account.UserName, account.Email, account.DisplayName, account.Roles, account.CreatedAt);
}

/// <summary>An account, as administrators see it.</summary>
internal sealed record ManagedAccountResponse(
    string Sub, string Username, string? Email, string? DisplayName, IReadOnlyList<string> Roles, DateTimeOffset? CreatedAt, bool Disabled, int Epoch, int ClaimsVersion)
{
    public ReceiptResponse? Receipt { get; init; }

    public static ManagedAccountResponse Of(ManagedAccount managed)
    {
        var (account, subject) = managed;
        return new(account.Id.Value, account.UserName, account.Email, account.DisplayName, account.Roles, account.CreatedAt,
            subject.DisabledAt is not null, subject.Epoch, subject.ClaimsVersion);
    }
}

/// <summary>A page of accounts.</summary>
internal sealed record AccountListResponse(IReadOnlyList<ManagedAccountResponse> Items, string? Next);

/// <summary>A signing key.</summary>
internal sealed record KeyResponse(string Kid, string Alg, string State, DateTimeOffset AnnouncedAt, DateTimeOffset SignsFrom, DateTimeOffset? RemovedAt);

/// <summary>The signing keys.</summary>
internal sealed record KeyListResponse(IReadOnlyList<KeyResponse> Items)
{
    public static KeyListResponse Of(KeyStoreContents contents, KeyRingPolicy policy) => new([.. contents.Ring.Keys.Select(key => new KeyResponse(
        key.Kid, key.Algorithm.ToString(), key.RemovedAt is null ? State(contents.Ring.StateOf(key, contents.Now, policy)) : "removed",
        key.AnnouncedAt, key.SignsFrom, key.RemovedAt))]);

    private static string State(KeyState state) => state switch
    {
        KeyState.Announced => "announced",
        KeyState.Active => "active",
        KeyState.Retiring => "retiring",
        _ => "gone",
    };
}

/// <summary>An event.</summary>
internal sealed record EventResponse(long Id, string Kind, DateTimeOffset At, string? SessionId, string? Sub, long? Number, string? Reason, string? By)
{
    public static EventResponse Of(LoggedEvent logged)
    {
        var what = logged.Event;
        return new(logged.Id, System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(what.Kind.ToString()), what.At,
            what.Session?.ToString(), what.Subject?.Value, what.Number, what.Reason, what.By);
    }
}

/// <summary>A page of events.</summary>
internal sealed record EventListResponse(IReadOnlyList<EventResponse> Items, long? Next);

/// <summary>Health.</summary>
internal sealed record HealthResponse(string Status);
