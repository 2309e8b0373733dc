using Symbolon.Edge.Processes;
using Symbolon.Testing;

namespace Symbolon.Edge.Histories;

/// <summary>Who takes part in a history: the verifiers, the sessions in groups of three of one account, and who records.</summary>
internal sealed class Cast : IAsyncDisposable
{
    private const int GroupsOfRound = 19, SessionsOfGroup = 3, MostRounds = 10;
    private readonly AuthorityCalls authority;

    private Cast(ServerProcess server, IReadOnlyList<ApiProcess> apis, IReadOnlyDictionary<string, SignedIn> sessions, SignedIn administrator, SignedIn honest)
    {
        (Apis, Sessions, Honest) = (apis.ToDictionary(api => api.Name), sessions, honest);
        authority = new AuthorityCalls(server);
        Recorder = new Recorder(apis, sessions);
        Calls = new RevokingCalls(Recorder, authority, administrator, sessions);
    }

    public IReadOnlyDictionary<string, ApiProcess> Apis { get; }

    public IReadOnlyDictionary<string, SignedIn> Sessions { get; }

    /// <summary>A session that nobody ends, but with everyone's.</summary>
    public SignedIn Honest { get; }

    public Recorder Recorder { get; }

    public RevokingCalls Calls { get; }

    public static async Task<Cast> StartAsync(ServerProcess server, params ApiSettings[] settings)
    {
        var starting = Task.WhenAll(settings.Select(ApiProcess.StartAsync));
        await using var seed = await Seed.OpenAsync(server);
        var sessions = new Dictionary<string, SignedIn>();
        var rounds = Environment.GetEnvironmentVariable("SYMBOLON_LONG") == "1" ? MostRounds : 1;
        for (var group = 0; group < rounds * GroupsOfRound; group++)
        {
            var account = await seed.NewAccountAsync();
            for (var one = 0; one < SessionsOfGroup; one++) sessions[Name(group, one)] = await seed.StartAsync(account);
        }

        var honest = sessions["honest"] = await seed.StartAsync();
        var administrator = await seed.StartAsync(await seed.NewAccountAsync("admin"));
        var apis = await starting;
        await Task.WhenAll(apis.Select(api => api.AcceptsAsync(honest.AccessToken)));
        return new Cast(server, apis, sessions, administrator, honest);
    }

    /// <summary>The groups of a round, by number.</summary>
    public Func<int, string[]> Groups(int round) =>
        group => [.. Enumerable.Range(0, SessionsOfGroup).Select(one => Name((round * GroupsOfRound) + group, one))];

    /// <summary>The history says something about every verifier: it accepted, refused what was revoked, and was counted in receipts.</summary>
    public void AssertToldEverything(History history) => Assert.All(Apis.Keys, name =>
    {
        var seen = history.Requests.Where(request => request.Verifier == name).ToLookup(request => request.Refusal ?? "");
        Assert.NotEmpty(seen[""]);
        Assert.NotEmpty(seen["token_revoked"]);
        Assert.NotEmpty(seen["claims_stale"]);
        Assert.Contains(history.Revocations, one => one.Acknowledged.Contains(name));
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {string.Join(", ", seen.Select(group => $"{group.Count()} {(group.Key.Length == 0 ? "accepted" : group.Key)}"))}");
    });

    public async ValueTask DisposeAsync()
    {
        authority.Dispose();
        foreach (var api in Apis.Values) await api.DisposeAsync();
    }

    private static string Name(int group, int one) => $"{group}.{one}";
}
