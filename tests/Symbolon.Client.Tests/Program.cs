using Symbolon.Client.Tests.Processes;
using Xunit.Runner.InProc.SystemConsole;

// The tests; or, as `client`, one of the programs that they start.
return args is [ClientProgram.Command, ..] ? await ClientProgram.RunAsync(args[1..]) : await ConsoleRunner.Run(args);
