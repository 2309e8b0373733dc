using Symbolon.Edge.Processes;
using Xunit.Runner.InProc.SystemConsole;

// The tests; or, as `api`, one of the services that they start.
return args is [EdgeApi.Command, ..] ? await EdgeApi.RunAsync(args[1..]) : await ConsoleRunner.Run(args);
