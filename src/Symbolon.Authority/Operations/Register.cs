using Symbolon.Authority.Accounts;
using Symbolon.Authority.Ports;
using Symbolon.Sessions;

namespace Symbolon.Authority.Operations;

/// <summary>Makes an account, and logs it in unless configured otherwise.</summary>
internal sealed class Register(AccountDirectory accounts, ISubjectStore subjects, ChangeSubject change, LogIn logIn)
{
    public async Task<RegisterOutcome> RunAsync(NewAccount account, Client client, StartWishes? wishes, RequestOrigin origin, CancellationToken ct)
    {
        using var span = AuthorityTelemetry.Span("symbolon.register");
        var result = await accounts.CreateAsync(account, ct);
        if (result is not AccountResult.Written written) return new RegisterOutcome.Refused(result);
        await change.RunAsync(written.Account.Id, SubjectChange.Created, ct);
        if (wishes is null) return new RegisterOutcome.Created(written.Account, Tokens: null);

        var start = new StartCommand(written.Account, await subjects.FindAsync(written.Account.Id, ct), client);
        return new RegisterOutcome.Created(written.Account, await logIn.StartAsync(start, wishes, origin, ct));
    }
}

/// <summary>What became of a registration.</summary>
internal abstract record RegisterOutcome
{
    private RegisterOutcome() { }

    /// <summary>The account stands; with tokens when it was logged in.</summary>
    public sealed record Created(Account Account, IssuedTokens? Tokens) : RegisterOutcome;

    /// <summary>Refused.</summary>
    public sealed record Refused(AccountResult Why) : RegisterOutcome;
}
