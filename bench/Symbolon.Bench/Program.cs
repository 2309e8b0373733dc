using Symbolon.Bench;
using Symbolon.Bench.Clients;
using Symbolon.Bench.Cluster;
using Symbolon.Bench.Http;
using Symbolon.Bench.Processes;
using Symbolon.Bench.Refresh;
using Symbolon.Bench.Revoke;
using Symbolon.Bench.Tokens;
using Symbolon.Bench.Verify;

const string Help = """
    Measures what Symbolon costs, beside what it could cost. Each command prints a table and, last, one line of JSON.

      ./bench.sh refresh [--quick]   HTTP refresh against the server on SQLite, durably: at 32 and 128 connections, beside one transaction
                                     per refresh, beside SQLite alone, and at 10,000 and 1,000,000 sessions. About three minutes.
      ./bench.sh tokens [--quick]    Signing and strict verification by algorithm, beside System.Security.Cryptography alone and beside
                                     JsonWebTokenHandler from the SDK's own tool folder. About one minute.
      ./bench.sh verify [--quick]    Checking 10,000 live tokens that are known already, beside up to a million revocations; the first sight of one; the dearest refusals;
                                     beside ECDSA alone, a dictionary and JsonWebTokenHandler. About one minute.
      ./bench.sh http [--quick]      Processor time per request of an API: anonymous, behind Symbolon, validating ES256 each time, behind ASP.NET Core's own bearer tokens;
                                     and the gateway behind a real nginx. About three minutes.
      ./bench.sh revoke [--quick]    From the revoking call to the last of three verifiers that refuses; 200 readers of the stream; a feed that is cut. About three minutes.
      ./bench.sh cluster [--quick] [--sessions N] [--only refresh|batches|revoke|lists]
                                     PostgreSQL of its own: HTTP refresh beside pgbench on the same tables, at 10,000 and 10,000,000 sessions; both ways to batch; from a revocation at
                                     one of three authorities to the gateway of another; the list of devices; the end of all sessions of a user.
                                     Needs 35 GB of disk for a while, in /tmp. About twenty minutes, a third of them to make the sessions.
      ./bench.sh clients [--write]   Browser clients beside each other, in Chromium against the mock; --write puts the table into the README. About ten minutes.
      ./bench.sh dotnet-client [--quick]
                                     The .NET client: 50 parallel calls whose token has expired, with 401s spread over 300 ms, beside what nobody can beat. Half a minute.
      ./bench.sh load CONNECTIONS SECONDS SESSIONS
                                     One server under load, second by second; prints its process id, for a profiler.
      ./bench.sh http-load KIND SECONDS
                                     One API under load, in the same way. KIND: anonymous, symbolon, symbolon-route, forgetful, json-web-tokens.
      ./bench.sh --help              This.

      --quick   a few seconds: shows that it works; its figures mean little.

    Costs are processor time as the system accounts it; ratios compare runs that were interleaved; each figure is a median.
    """;

var quick = args.Contains("--quick");
switch (args.Where(arg => arg != "--quick").ToArray())
{
    case ["refresh"]: return await RefreshBench.RunAsync(quick);
    case ["load", var connections, var seconds, var sessions]: return await RefreshBench.LoadAsync(int.Parse(connections), int.Parse(seconds), int.Parse(sessions));
    case ["http-load", var kind, var seconds]: return await HttpBench.LoadAsync(kind, int.Parse(seconds));
    case ["http"]: return await HttpBench.RunAsync(quick);
    case ["dotnet-client"]: return await ClientsBench.RunAsync(quick);
    case ["cluster", .. var options]: return await ClusterBench.RunAsync(quick, options);
    case ["revoke"]: return await RevokeBench.RunAsync(quick);
    case [BenchApi.Command, var kind, .. var settings]: return await BenchApi.RunAsync(kind, settings);
    case ["verify"]: return VerifyBench.Run(quick);
    case ["tokens"]: return TokensBench.Run(quick);
    case [] or ["--help"] or ["-h"]:
        Console.WriteLine(Help);
        return 0;
    case var other:
        await Console.Error.WriteLineAsync($"bench: '{string.Join(' ', other)}' is not a command. Try --help.");
        return 2;
}
