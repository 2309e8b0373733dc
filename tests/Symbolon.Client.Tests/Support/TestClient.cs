using System.Collections.Concurrent;

namespace Symbolon.Client.Tests.Support;

/// <summary>A program: its client, and an <see cref="HttpClient"/> with the token on it.</summary>
internal sealed class TestClient : IDisposable
{
    public TestClient(SymbolonClientOptions options, TimeProvider time, ITokenStore? store, Action<SymbolonTokenOptions>? token)
    {
        Store = store ?? new MemoryTokenStore();
        Log = new Lines();
        Client = SymbolonClient.Create(options, Store, time, Log);
        Client.SignedOut += (_, e) => Ends.Enqueue($"{e.Code} {e.Reason}".Trim());
        Http = new HttpClient(Client.CreateHandler(token)) { BaseAddress = options.Authority };
    }

    public SymbolonClient Client { get; }

    public ISymbolonSession Session => Client.Session;

    public ITokenStore Store { get; }

    public HttpClient Http { get; }

    public Lines Log { get; }

    /// <summary>What listeners were told.</summary>
    public ConcurrentQueue<string> Ends { get; } = [];

    public async Task<int> CallAsync(string path = "/api/echo")
    {
        using var response = await Http.GetAsync(path);
        return (int)response.StatusCode;
    }

    public Task<int[]> CallAsync(int times) => Task.WhenAll(Enumerable.Range(0, times).Select(_ => CallAsync()));

    public async Task<StoredToken?> StoredAsync(string key = SymbolonClient.DefaultSessionKey) => await Store.LoadAsync(key, CancellationToken.None);

    public void Dispose()
    {
        Http.Dispose();
        Client.Dispose();
    }
}
