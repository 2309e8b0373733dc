using System.CommandLine;
using Symbolon.Server.Commands;
using Symbolon.Server.Hosting;

var root = new RootCommand("The session authority for .NET. Without a command it serves; settings follow as --urls URL, --Symbolon:Issuer URL and so on.")
{
    TreatUnmatchedTokensAsErrors = false,
};
root.SetAction((parsed, ct) => parsed.UnmatchedTokens is [var first, ..] && !first.StartsWith('-')
    ? Failure.ShowAsync($"'{first}' is not a command. Try --help.")
    : Failure.GuardAsync(() => Composition.RunAsync(args, ct)));
root.Subcommands.Add(KeysCommand.Create(args));
root.Subcommands.Add(ClientsCommand.Create());
root.Subcommands.Add(AfterRestoreCommand.Create(args));
root.Subcommands.Add(StorageCommand.Create());
root.Subcommands.Add(DoctorCommand.Create(args));
root.Subcommands.Add(MockCommand.Create());
// Signals are the host's: the parser's own handler would end the process after two seconds, whatever is still being answered.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
