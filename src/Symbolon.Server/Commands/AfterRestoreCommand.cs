using System.CommandLine;
using Symbolon.Authority.Operations;
using Symbolon.Server.Hosting;

namespace Symbolon.Server.Commands;

/// <summary><c>symbolon after-restore</c>: makes a store that was restored from a backup safe, before the server starts on it.</summary>
internal static class AfterRestoreCommand
{
    public static Command Create(string[] args)
    {
        var command = new Command("after-restore", "After putting a backup in place, before the start: ends everyone's sessions, and tells verifiers that the revocation log is another one.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        command.SetAction((_, ct) => Failure.GuardAsync(async () =>
        {
            await using var app = CommandHost.Build(args);
            await CommandHost.OpenStoreAsync(app);
            await app.Services.GetRequiredService<AfterRestore>().RunAsync(ct);
            Console.WriteLine("Everyone's sessions have ended, and the revocation log has a new timeline. Start the server now.");
            return 0;
        }));
        return command;
    }
}
