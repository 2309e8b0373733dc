namespace Symbolon.Client.Tests.Processes;

/// <summary>A program of its own, with its tokens in a folder: says "ready", and at each line it reads makes so many calls and prints their statuses.</summary>
internal static class ClientProgram
{
    public const string Command = "client";

    public static async Task<int> RunAsync(string[] args)
    {
        var (authority, folder) = (new Uri(args[0]), args[1]);
        using var client = SymbolonClient.Create(new SymbolonClientOptions { Authority = authority, Jitter = 0, ClientId = args.ElementAtOrDefault(2) }, new FileTokenStore(folder));
        using var http = new HttpClient(client.CreateHandler()) { BaseAddress = authority };
        Console.WriteLine($"ready {(await client.Session.GetTokenAsync(TimeSpan.Zero))?.Version}");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            try
            {
                var answers = await Task.WhenAll(Enumerable.Range(0, int.Parse(line)).Select(_ => http.GetAsync("/api/echo")));
                Console.WriteLine($"done {string.Join(' ', answers.GroupBy(answer => (int)answer.StatusCode).Select(group => $"{group.Key}:{group.Count()}"))}");
            }
            catch (Exception e) when (e is SignedOutException or HttpRequestException)
            {
                Console.WriteLine($"done {e.GetType().Name}");
            }
        }

        return 0;
    }
}
