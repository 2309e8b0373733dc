using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Symbolon.Edge.Processes;
using Symbolon.Storage;
using Symbolon.Testing;

namespace Symbolon.Edge.Keys;

/// <summary>Keys while services in other processes verify without pause: another one takes over and nobody notices; one is removed and nothing that it signed is accepted any more.</summary>
public sealed class KeyLifeTests : IAsyncLifetime
{
    private const int Verifications = 20_000, Clients = 4, Sessions = 12;
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(2);
    private readonly ConcurrentBag<string> refused = [];
    private ServerProcess server = null!;
    private AuthorityCalls authority = null!;
    private ApiProcess[] apis = [];
    private SignedIn administrator = null!;
    private SignedIn[] sessions = [];
    private volatile string[] tokens = [];
    private int verified;

    public async ValueTask InitializeAsync()
    {
        server = await Authorities.StartAsync(("Symbolon:SigningKeys:PollEvery", "00:00:01"));
        authority = new AuthorityCalls(server);
        var starting = Task.WhenAll(ApiProcess.StartAsync(new ApiSettings("orders", server.Address)), ApiProcess.StartAsync(new ApiSettings("payments", server.Address)));
        await using (var seed = await Seed.OpenAsync(server))
        {
            administrator = await seed.StartAsync(await seed.NewAccountAsync("admin"));
            sessions = await seed.StartManyAsync(Sessions);
        }

        apis = await starting;
        foreach (var api in apis) await api.AcceptsAsync(administrator.AccessToken);
    }

    public async ValueTask DisposeAsync()
    {
        authority?.Dispose();
        foreach (var api in apis) await api.DisposeAsync();
        if (server is not null) await server.DisposeAsync();
    }

    [Fact]
    public async Task NobodyIsRefused_WhenAnotherKeyTakesOver_AndNothingIsAccepted_OnceAKeyIsRemoved()
    {
        var before = sessions.Select(session => session.AccessToken).ToArray();
        tokens = before;
        using var enough = new CancellationTokenSource();
        var verifying = Task.WhenAll(from api in apis from client in Enumerable.Range(0, Clients) select Task.Run(() => VerifyAsync(api, client, enough.Token)));

        await VerifiedAsync(Verifications / 4);
        await RotateAsync();
        var after = await RefreshAsync();
        var (old, next) = (KeyOf(before[0]), KeyOf(after[0]));
        Assert.NotEqual(old, next);
        tokens = [.. before, .. after];
        await VerifiedAsync(Verifications);
        await enough.CancelAsync();
        await verifying;
        Assert.Empty(refused);

        await RemoveAsync(next);
        foreach (var api in apis)
        {
            Assert.All(await Task.WhenAll(after.Select(token => api.CheckAsync(token))), code => Assert.Contains(code, new[] { "token_key", "token_revoked" }));
            Assert.All(await Task.WhenAll(before.Select(token => api.CheckAsync(token))), Assert.Null);
        }

        var removedAt = Stopwatch.GetTimestamp();
        var last = await RefreshAsync();
        Assert.NotEqual(next, KeyOf(last[0]));
        foreach (var api in apis) await api.AcceptsAsync(last[0]);
        Assert.InRange(Stopwatch.GetElapsedTime(removedAt), TimeSpan.Zero, AtOnce); // whatever was fetched a moment ago
    }

    private async Task VerifyAsync(ApiProcess api, int client, CancellationToken ct)
    {
        var random = new Random(client);
        while (!ct.IsCancellationRequested)
        {
            var among = tokens;
            var token = among[random.Next(among.Length)];
            if (await api.CheckAsync(token) is { } code) refused.Add($"{api.Name}: {code}, signed by {KeyOf(token)}");
            Interlocked.Increment(ref verified);
        }
    }

    private Task VerifiedAsync(int count) => Patiently.TrueAsync(() => Task.FromResult(Volatile.Read(ref verified) >= count), () => $"{verified} verifications only.");

    // Announced as an administrator does it; then as if its time had come, before anybody would have fetched it by himself.
    private async Task RotateAsync()
    {
        await authority.RequireAsync(HttpMethod.Post, "/admin/keys/rotate", administrator.AccessToken);
        using var db = new StoreConnection(Path.Combine(server.Folder, "symbolon.db"), create: false, Patiently.Patience);
        db.Execute("UPDATE keys SET signs_from = announced_at");
        var one = sessions[0];
        await Patiently.TrueAsync(async () => KeyOf((await RefreshAsync(one)).AccessToken) != KeyOf(one.AccessToken), () => "The other key does not sign.");
    }

    private async Task RemoveAsync(string kid)
    {
        var answer = await authority.RequireAsync(HttpMethod.Delete, $"/admin/keys/{kid}?wait=2s", administrator.AccessToken);
        var receipt = answer.Json!.Value.GetProperty("receipt");
        Assert.Equal((apis.Length, 0), (receipt.GetProperty("acknowledged").GetInt32(), receipt.GetProperty("late").GetInt32()));
        Assert.DoesNotContain(kid, (await authority.RequireAsync(HttpMethod.Get, "/.well-known/jwks.json")).Text, StringComparison.Ordinal);
    }

    private async Task<string[]> RefreshAsync() => [.. (await Task.WhenAll(sessions.Select(RefreshAsync))).Select(session => session.AccessToken)];

    private async Task<SignedIn> RefreshAsync(SignedIn session)
    {
        var now = sessions.First(one => one.Session == session.Session);
        var next = SignedIn.Of(await authority.RequireAsync(HttpMethod.Post, "/auth/refresh", body: new { refresh_token = now.RefreshToken }), session.Subject);
        sessions[Array.IndexOf(sessions, now)] = next;
        return next;
    }

    private static string KeyOf(string token) =>
        JsonElement.Parse(Base64Url.DecodeFromChars(token.AsSpan(0, token.IndexOf('.', StringComparison.Ordinal)))).GetProperty("kid").GetString()!;
}
