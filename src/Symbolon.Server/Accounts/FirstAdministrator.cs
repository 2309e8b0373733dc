using System.Security.Cryptography;
using Symbolon.Authority.Accounts;
using Symbolon.Authority.Endpoints;
using Symbolon.Authority.Operations;
using Symbolon.Authority.Ports;
using Symbolon.Server.Hosting;
using Symbolon.Sessions;

namespace Symbolon.Server.Accounts;

/// <summary>Makes an administrator on the first start, with the configured password or a random one that is printed once.</summary>
/// <remarks>ASVS 5.0 6.3.2, 6.4.1: there is no default password. Printed, not logged: logs are kept and copied.</remarks>
internal sealed class FirstAdministrator(AccountDirectory accounts, ISubjectStore subjects, ChangeSubject change, IConfiguration configuration) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if ((await subjects.ListAsync(after: null, take: 1, cancellationToken)).Count > 0) return;
        var name = configuration["Symbolon:Admin:UserName"] is { Length: > 0 } given ? given : "admin";
        var chosen = configuration["Symbolon:Admin:Password"];
        var password = string.IsNullOrEmpty(chosen) ? RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789", 20) : chosen;
        switch (await accounts.CreateAsync(new NewAccount(name, password, Email: null, "Administrator", [AdminEndpoints.Role]), cancellationToken))
        {
            case AccountResult.Written written:
                // At once: the account stands, and nobody else knows its password.
                if (password != chosen) Console.WriteLine($"Administrator '{name}' was made. Its password, shown only now: {password}");
                await change.RunAsync(written.Account.Id, SubjectChange.Created, cancellationToken);
                break;
            case AccountResult.NameTaken: // another server was quicker
                break;
            case AccountResult.WeakPassword weak:
                throw new ServerStartException($"Symbolon:Admin:Password is not accepted. {weak.Why}");
            case AccountResult.Invalid invalid:
                throw new ServerStartException($"Symbolon:Admin:UserName is not accepted. {invalid.Why}");
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
