using System.CommandLine;
using System.Runtime.InteropServices;
using Symbolon.Mock;
using Symbolon.Server.Hosting;

namespace Symbolon.Server.Commands;

/// <summary><c>symbolon mock</c>: a back end for front ends, in memory. Reads the command line only: neither settings nor environment variables of a server concern it.</summary>
internal static class MockCommand
{
    public static Command Create()
    {
        var profile = new Option<string>("--profile") { Description = "A well-known mock to behave like." };
        var users = new Option<string>("--users") { Description = "A file of accounts: [{\"username\", \"password\", \"roles\": []}]. Default: admin/admin and user/user." };
        var routes = new Option<string>("--routes") { Description = "A file of routes: [{\"path\", \"roles\": [], \"anonymous\", \"status\", \"body\"}]." };
        var data = new Option<string>("--data") { Description = "A file of data to serve as REST under /api." };
        var ttl = new Option<string>("--ttl") { Description = "Life of access tokens: 30s to 1h. Default 10m." };
        var refreshTtl = new Option<string>("--refresh-ttl") { Description = "Longest time without a refresh. Default 14d." };
        var latency = new Option<string>("--latency") { Description = "How long each request waits: 300ms, or 50..300ms." };
        var faults = new Option<string[]>("--fault") { Description = "Something that goes wrong, such as \"status=503 path=/auth/refresh times=2\"; once for each." };
        var seed = new Option<string>("--seed") { Description = "The same seed gives the same keys, ids, latencies and faults. Default 1." };
        var urls = new Option<string>("--urls") { Description = "Where to listen, with ; between several. Default http://localhost:5081." };
        var cors = new Option<string[]>("--cors") { Description = "An origin that may call, beside every loopback origin; once for each." };
        var bugs = new Option<bool>("--bug-compatible") { Description = "Keeps the bugs of the profile's original." };
        var stopWithStdin = new Option<bool>("--stop-with-stdin") { Description = "Ends when its standard input does: with the program that started it, however that ends." };
        var mock = new Command("mock", "A back end for front ends and clients: the real engine in memory, with a clock to turn and faults to add.")
        {
            profile, users, routes, data, ttl, refreshTtl, latency, faults, seed, urls, cors, bugs, stopWithStdin,
        };
        mock.SetAction((parsed, ct) => Failure.GuardAsync(async () =>
        {
            if (parsed.UnmatchedTokens is [var strange, ..]) throw new MockOptionsException($"'{strange}' means nothing to the mock. Try symbolon mock --help.");
            var options = new MockOptions
            {
                Profile = parsed.GetValue(profile),
                AccountsFile = parsed.GetValue(users),
                RoutesFile = parsed.GetValue(routes),
                DataFile = parsed.GetValue(data),
                AccessTokenLifetime = MockText.Length("--ttl", parsed.GetValue(ttl)),
                RefreshTokenLifetime = MockText.Length("--refresh-ttl", parsed.GetValue(refreshTtl)),
                Latency = MockText.Delay("--latency", parsed.GetValue(latency)),
                Seed = MockText.Number("--seed", parsed.GetValue(seed)) ?? 1,
                IsBugCompatible = parsed.GetValue(bugs),
            };
            foreach (var fault in parsed.GetValue(faults) ?? []) options.Faults.Add(MockText.Fault(fault));
            foreach (var origin in parsed.GetValue(cors) ?? []) options.CorsOrigins.Add(origin);
            foreach (var url in (parsed.GetValue(urls) ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) options.Urls.Add(url);
            return await RunAsync(options, parsed.GetValue(stopWithStdin), ct);
        }));
        return mock;
    }

    private static async Task<int> RunAsync(MockOptions options, bool stopWithStdin, CancellationToken ct)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var cancelled = ct.Register(() => over.TrySetResult());
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        await using var mock = await SymbolonMock.StartAsync(options, logging => logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning), ct);
        Console.WriteLine($"Symbolon mock listening on {mock.Url.GetLeftPart(UriPartial.Authority)}");
        if (stopWithStdin) new Thread(WaitForEndOfInput) { IsBackground = true }.Start(); // a console is read without giving the thread back
        await over.Task;
        return 0;

        void WaitForEndOfInput()
        {
            using var input = Console.OpenStandardInput();
            input.CopyTo(Stream.Null);
            over.TrySetResult();
        }

        void End(PosixSignalContext signal)
        {
            signal.Cancel = true; // it ends in order
            over.TrySetResult();
        }
    }
}
