using Symbolon.Authority.InMemory;
using Symbolon.Authority.Ports;
using Symbolon.Authority.Tests.Support;
using Symbolon.Sessions;

namespace Symbolon.Authority.Tests.OAuth;

/// <summary>A server that stands still between its read and its answer: what it has read may be over.</summary>
public sealed class PausedServerTests : IAsyncLifetime
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30), Short = TimeSpan.FromSeconds(1);
    private TestServer server = null!;
    private PortCalls sessions = null!, subjects = null!;

    public async ValueTask InitializeAsync() => server = await TestServer.StartAsync(
        [.. ClientsFixture.Client(0, "gateway", "revocations"), .. ClientsFixture.Client(1, "worker")],
        services => (sessions, subjects) = (PortCalls.Watch<ISessionStore>(services), PortCalls.Watch<ISubjectStore>(services)));

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Introspect_SaysThatItEnded_WhenTheSessionEndedWhileTheServerStoodStill()
    {
        var (_, tokens) = await server.RegisterAsync();
        PauseOnce(sessions, Pause, state => state.End([.. state.Sessions.Values.Select(row => SessionEnd.Of(row, EndReason.Logout, by: null, state.Now))]));

        var answer = await IntrospectAsync(tokens.AccessToken);

        Assert.Equal((false, "token_revoked", "logout"), (answer["active"].GetBoolean(), answer.Code, answer.Reason));
    }

    [Fact]
    public async Task Introspect_SaysThatItEnded_WhenAllEndedWhileTheServerStoodStill_ForAClientsOwnToken()
    {
        var token = (await server.OwnTokenAsync("worker")).Is(200).AccessToken;
        PauseOnce(subjects, Pause, state => state.Era++);

        var answer = await IntrospectAsync(token);

        Assert.Equal((false, "token_revoked"), (answer["active"].GetBoolean(), answer.Code));
    }

    [Fact]
    public async Task Introspect_ReadsOnce_WhenTheServerIsSlowWithinTheBound()
    {
        var (_, tokens) = await server.RegisterAsync();
        sessions.Answered = () => server.Time.Advance(Short);
        var before = sessions.Count;

        Assert.True((await IntrospectAsync(tokens.AccessToken))["active"].GetBoolean());
        Assert.Equal(before + 1, sessions.Count);
    }

    [Fact]
    public async Task Introspect_Is503_WhenEachReadIsTooOldWhenItCouldBeAnswered()
    {
        var (_, tokens) = await server.RegisterAsync();
        sessions.Answered = () => server.Time.Advance(Short + TimeSpan.FromMilliseconds(1));
        var before = sessions.Count;

        (await server.OAuthAsync("/oauth/introspect", "gateway", ("token", tokens.AccessToken))).IsOAuthError(503, "temporarily_unavailable", "unavailable");
        Assert.Equal(before + 3, sessions.Count);
        (await server.GetAsync("/auth/sessions", tokens.AccessToken)).IsProblem(503, "unavailable");
    }

    // The compare-and-swap does not see an end of all sessions of a subject. The token carries the epoch that was read before it, so every verifier refuses it.
    [Fact]
    public async Task Refresh_GivesATokenThatIsRefused_WhenAllSessionsEndedWhileTheServerStoodStill()
    {
        var (_, tokens) = await server.RegisterAsync();
        PauseOnce(sessions, Pause, state =>
        {
            var subject = state.Subjects[state.Sessions.Values.Single(row => row.Id.ToString() == tokens.SessionId).Subject];
            var change = SubjectChange.EndAll(subject, EndReason.AllEnded, by: null, state.Now);
            state.Subjects[subject.Id] = change.Subject;
            state.Append(change.Entry, change.Events);
        });

        var next = (await server.RefreshAsync(tokens.RefreshToken)).Is(200);

        Assert.False((await IntrospectAsync(next.AccessToken))["active"].GetBoolean());
        (await server.RefreshAsync(next.RefreshToken)).IsProblem(401, "session_ended", "all_ended");
    }

    private Task<Answer> IntrospectAsync(string token) => server.OAuthAsync("/oauth/introspect", "gateway", ("token", token));

    private void PauseOnce(PortCalls port, TimeSpan length, Action<InMemoryState> meanwhile) => port.Answered = () =>
    {
        port.Answered = null;
        server.Time.Advance(length);
        var state = server.Get<InMemoryState>();
        lock (state.Gate) meanwhile(state);
    };
}
