using Symbolon.Authority.Ports;
using Symbolon.Refresh;
using Symbolon.Sessions;

namespace Symbolon.Authority.Operations;

/// <summary>Logs in with user name and password: a new session at every log-in, and the one whose cookie comes along ends (ASVS 5.0 7.2.4).</summary>
internal sealed class LogIn(CheckPassword passwords, StartSession start, ISessionStore sessions, RefreshRules rules)
{
    private const string PasswordMethod = "pwd"; // RFC 8176

    public async Task<LogInOutcome> RunAsync(LogInCommand command, CancellationToken ct)
    {
        using var span = AuthorityTelemetry.Span("symbolon.login");
        var checkedPassword = await passwords.RunAsync(command.UserName, command.Password, command.Origin.Address, ct);
        if (checkedPassword is not PasswordOutcome.Accepted accepted) return new LogInOutcome.Refused(checkedPassword);
        return new LogInOutcome.Issued(await StartAsync(new StartCommand(accepted.Account, accepted.Facts, command.Client), command.Start, command.Origin, ct));
    }

    /// <summary>Starts the session of a password that was right.</summary>
    public async Task<IssuedTokens> StartAsync(StartCommand command, StartWishes wishes, RequestOrigin origin, CancellationToken ct) => await start.RunAsync(
        command with
        {
            Device = wishes.Device,
            Transport = wishes.Transport,
            Remember = wishes.Remember,
            Amr = PasswordMethod,
            IpAddress = origin.Address?.ToString(),
            UserAgent = origin.UserAgent,
            Predecessor = await PredecessorAsync(wishes.Cookie, ct),
        }, ct);

    private async Task<Session?> PredecessorAsync(string? cookie, CancellationToken ct)
    {
        if (cookie is null || RefreshToken.Read(cookie, rules.Keys, out var read) != RefreshTokenReading.Authentic) return null;
        var facts = await sessions.FindAsync(read.Token.Session, ct);
        return facts.Session is { Ending: null, Transport: SessionTransport.Cookie } session && rules.IsProven(facts, read) ? session : null;
    }
}

/// <summary>A log-in as it was asked for.</summary>
internal sealed record LogInCommand(string UserName, string Password, Client Client, StartWishes Start, RequestOrigin Origin)
{
    public override string ToString() => nameof(LogInCommand); // a record would print its password
}

/// <summary>What became of a log-in.</summary>
internal abstract record LogInOutcome
{
    private LogInOutcome() { }

    /// <summary>Here are the tokens.</summary>
    public sealed record Issued(IssuedTokens Tokens) : LogInOutcome;

    /// <summary>Refused.</summary>
    public sealed record Refused(PasswordOutcome Why) : LogInOutcome;
}
