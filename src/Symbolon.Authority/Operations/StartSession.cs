using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Symbolon.Authority.Accounts;
using Symbolon.Authority.Ports;
using Symbolon.Sessions;

namespace Symbolon.Authority.Operations;

/// <summary>Starts a session for a subject who has been authenticated; the only way there is to start one.</summary>
internal sealed class StartSession(ISessionStore sessions, SessionLifetime lifetime, TokenIssuer issuer, IOptions<AuthorityOptions> options, AuthorityTelemetry telemetry)
{
    // Parallel log-ins of one subject make each other count again; each round one of them gets on.
    private const int Tries = 20;

    /// <summary>Starts it; older sessions make room as <see cref="SessionStart.Plan"/> says.</summary>
    /// <exception cref="StoreUnavailableException">Nothing was changed.</exception>
    public async Task<IssuedTokens> RunAsync(StartCommand command, CancellationToken ct)
    {
        using var span = AuthorityTelemetry.Span("symbolon.start");
        for (var tries = 0; tries < Tries; tries++)
        {
            var session = New(command);
            var live = await sessions.LiveOfAsync(session.Subject, session.CreatedAt, ct);
            var start = SessionStart.Plan(session, live, options.Value.Session.Limit, session.CreatedAt, command.Predecessor);
            var tokens = await issuer.IssueAsync(session, command.Facts.Subject, command.Account, session.CreatedAt, ct);
            if (!await sessions.TryStartAsync(start, [.. live.Select(row => row.Id)], ct)) continue;

            telemetry.Started(session);
            foreach (var end in start.Ends) telemetry.Ended(end);
            return tokens;
        }

        throw new StoreUnavailableException("Too many sessions of one subject start at the same time.");
    }

    private Session New(StartCommand command)
    {
        var (now, facts) = (command.Facts.Now, command.Facts);
        var (expiresAt, endsAt) = lifetime.Start(now, command.Remember);
        return new Session
        {
            Id = new SessionId(Guid.CreateVersion7(now)),
            Subject = command.Account.Id,
            ClientId = command.Client.Id,
            Device = command.Device ?? new Device(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes16.Size)), Name: null, Type: null),
            CreatedAt = now,
            AuthTime = now,
            Acr = command.Acr,
            Amr = command.Amr,
            Scope = command.Client.Scope,
            IpAddress = command.IpAddress,
            UserAgent = command.UserAgent,
            Transport = command.Transport,
            Remember = command.Remember,
            Salt = Bytes16.Read(RandomNumberGenerator.GetBytes(Bytes16.Size)),
            ConfirmedAt = now,
            LastSeenAt = now,
            ExpiresAt = expiresAt,
            EndsAt = endsAt,
            Era = facts.Era,
            Epoch = facts.Subject?.Epoch ?? 0,
            Stamp = command.Account.Stamp,
        };
    }
}

/// <summary>What a session starts with.</summary>
/// <param name="Account">The account, with its stamp from the read that authenticated it.</param>
/// <param name="Facts">The subject, the era and the clock, read before the authentication: an end of all sessions in between then covers the new one.</param>
/// <param name="Client">The client.</param>
internal sealed record StartCommand(Account Account, SubjectFacts Facts, Client Client)
{
    public Device? Device { get; init; }

    public SessionTransport Transport { get; init; }

    public bool Remember { get; init; } = true;

    public string? Acr { get; init; }

    public string Amr { get; init; } = "";

    public string? IpAddress { get; init; }

    public string? UserAgent { get; init; }

    /// <summary>The live session that the new one takes the place of, or null.</summary>
    public Session? Predecessor { get; init; }
}
