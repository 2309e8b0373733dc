using Symbolon.Edge.Processes;
using Symbolon.Storage;
using Symbolon.Testing;

namespace Symbolon.Edge.Faults;

/// <summary>An authority on SQLite, an API that reaches it through a relay, and sessions. Tests of a class share it, and leave it as they found it.</summary>
public sealed class EdgeFixture : IAsyncLifetime
{
    private const int Count = 60;
    private readonly Queue<SignedIn> sessions = [];

    internal ServerProcess Server { get; private set; } = null!;

    internal AuthorityCalls Authority { get; private set; } = null!;

    internal Relay Relay { get; private set; } = null!;

    internal ApiProcess Api { get; private set; } = null!;

    internal SignedIn Administrator { get; private set; } = null!;

    /// <summary>A session that no test ends.</summary>
    internal SignedIn Honest { get; private set; } = null!;

    internal string Database => Path.Combine(Server.Folder, "symbolon.db");

    public async ValueTask InitializeAsync()
    {
        Server = await Authorities.StartAsync(("Symbolon:SigningKeys:PollEvery", "00:00:01"));
        Authority = new AuthorityCalls(Server);
        Relay = Relay.To(Server.Address.Port);
        var starting = ApiProcess.StartAsync(new ApiSettings("edge", Server.Address) { Via = Relay.Port });
        await using (var seed = await Seed.OpenAsync(Server))
        {
            Administrator = await seed.StartAsync(await seed.NewAccountAsync("admin"));
            Honest = await seed.StartAsync();
            foreach (var session in await seed.StartManyAsync(Count)) sessions.Enqueue(session);
        }

        Api = await starting;
        await Api.AcceptsAsync(Honest.AccessToken);
    }

    /// <summary>A session of an account of its own that has been accepted once.</summary>
    internal async Task<SignedIn> NewSessionAsync()
    {
        var session = sessions.Dequeue();
        await Api.AcceptsAsync(session.AccessToken);
        return session;
    }

    /// <summary>Ends a session; the answer is the authority's word that it is over.</summary>
    internal Task EndAsync(SignedIn session) => Authority.RequireAsync(HttpMethod.Post, "/auth/logout", body: new { refresh_token = session.RefreshToken });

    /// <summary>Writes into the server's database, as a test needs it.</summary>
    internal void Execute(string script)
    {
        using var db = new StoreConnection(Database, create: false, Patiently.Patience);
        db.Execute(script);
    }

    internal long Query(string query)
    {
        using var db = new StoreConnection(Database, create: false, Patiently.Patience);
        return db.Query(query);
    }

    /// <summary>The API's view is current: what it says from now on counts.</summary>
    internal Task CurrentAsync() => Api.AcceptsAsync(Honest.AccessToken);

    public async ValueTask DisposeAsync()
    {
        Authority?.Dispose();
        if (Api is not null) await Api.DisposeAsync();
        if (Relay is not null) await Relay.DisposeAsync();
        if (Server is not null) await Server.DisposeAsync();
    }
}
