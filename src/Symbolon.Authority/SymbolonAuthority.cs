using System.Net;
using Symbolon.Authority.Accounts;
using Symbolon.Authority.Operations;
using Symbolon.Authority.Ports;
using Symbolon.Sessions;

namespace Symbolon.Authority;

/// <summary>The authority for an application's own code: starting a session after its own log-in, ending sessions, saying that claims changed.</summary>
public sealed class SymbolonAuthority
{
    private readonly (Clients Clients, AccountDirectory Accounts, ISubjectStore Subjects) facts;
    private readonly (StartSession Start, EndSessions End, ManageAccount Manage) operations;

    internal SymbolonAuthority(Clients clients, AccountDirectory accounts, ISubjectStore subjects, StartSession start, EndSessions end, ManageAccount manage) =>
        (facts, operations) = ((clients, accounts, subjects), (start, end, manage));

    /// <summary>Starts a session for an account that the application has authenticated: by its own second factor, an external provider.</summary>
    /// <exception cref="ArgumentException">There is no such account or client, or the account is disabled.</exception>
    /// <exception cref="StoreUnavailableException">Nothing was changed.</exception>
    /// <remarks>Answer <see cref="TokenResult"/> to the client: it renders the token response and, with the cookie transport, sets the cookie.</remarks>
    public async Task<IssuedTokens> StartAsync(SessionRequest request, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (clients, accounts, subjects) = facts;
        var client = request.ClientId is null ? clients.Default : clients.Find(request.ClientId) ?? throw new ArgumentException($"There is no client '{request.ClientId}'.", nameof(request));
        var known = await subjects.FindAsync(request.Subject, ct);
        if (known.Subject is { DisabledAt: not null } or { DeletedAt: not null }) throw new ArgumentException("The account is disabled.", nameof(request));
        var account = await accounts.FindAsync(request.Subject, ct) ?? throw new ArgumentException("There is no such account.", nameof(request));
        return await operations.Start.RunAsync(
            new StartCommand(account, known, client)
            {
                Device = request.Device,
                Transport = request.Transport,
                Remember = request.Remember,
                Acr = request.Acr,
                Amr = string.Join(' ', request.Amr),
                IpAddress = request.IpAddress?.ToString(),
                UserAgent = request.UserAgent,
            }, ct);
    }

    /// <summary>Ends one session; false when it is unknown or has ended.</summary>
    public Task<bool> EndAsync(SessionId session, EndReason reason, string? by = null, CancellationToken ct = default) =>
        operations.End.OneAsync(session, owner: null, reason, by, ct);

    /// <summary>Ends all sessions of an account.</summary>
    public Task EndAllAsync(SubjectId subject, EndReason reason, string? by = null, CancellationToken ct = default) =>
        operations.End.AllAsync(subject, reason, by, ct);

    /// <summary>Says that roles or other claims of an account changed: its access tokens are refreshed, its sessions go on.</summary>
    public Task ClaimsChangedAsync(SubjectId subject, string? by = null, CancellationToken ct = default) =>
        operations.Manage.ClaimsChangedAsync(subject, by, ct);
}

/// <summary>A session to start.</summary>
/// <param name="Subject">The account's id.</param>
public sealed record SessionRequest(SubjectId Subject)
{
    /// <summary>The client; the default one when null.</summary>
    public string? ClientId { get; init; }

    /// <summary>The device; a new one when null. A session of the same device and client is replaced.</summary>
    public Device? Device { get; init; }

    /// <summary>How refresh tokens travel.</summary>
    public SessionTransport Transport { get; init; }

    /// <summary>False for a session of at most 12 hours that should not outlive the browser.</summary>
    public bool Remember { get; init; } = true;

    /// <summary>Authentication context class, or null.</summary>
    public string? Acr { get; init; }

    /// <summary>Authentication methods (RFC 8176), for example <c>pwd</c>, <c>otp</c>.</summary>
    public IReadOnlyList<string> Amr { get; init; } = [];

    /// <summary>The client's address, for the device list.</summary>
    public IPAddress? IpAddress { get; init; }

    /// <summary>The client's user agent, for the device list.</summary>
    public string? UserAgent { get; init; }
}
