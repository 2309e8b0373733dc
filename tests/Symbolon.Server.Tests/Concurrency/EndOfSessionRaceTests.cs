using System.Collections.Concurrent;
using Symbolon.Authority;
using Symbolon.Authority.Operations;
using Symbolon.Server.Processes;
using Symbolon.Sessions;
using Symbolon.Testing;

namespace Symbolon.Server.Concurrency;

/// <summary>[I10] Refreshes race the end of their session: an acknowledged end is never undone, and no tokens come after it.</summary>
public sealed class EndOfSessionRaceTests
{
    private const int Rounds = 300, Racers = 6, Exchanges = 6;

    /// <summary>Every way to end a session.</summary>
    public enum Way
    {
        LogOut,
        EndAll,
        Disable,
        Era,
    }

    public static TheoryData<string, Way> Races => [.. from store in new[] { "memory", "sqlite" } from way in Enum.GetValues<Way>() select (store, way)];

    [Theory]
    [MemberData(nameof(Races))]
    public async Task Refresh_NeverComesAfterAnAcknowledgedEnd_WhenTheyRace(string store, Way way)
    {
        using var folder = new TempFolder();
        await using var server = await InProcessServer.StartAsync(ServerSettings.Complete(folder).With("Symbolon:Storage:Provider", store));
        var random = new Random(Seed: 7);
        for (var round = 0; round < Rounds; round++)
            await RoundAsync(server, Presenter.InProcess(server), way, endAfter: random.Next(Racers * Exchanges / 2));
    }

    [Fact]
    public async Task AccessTokens_AreRefused_WhenTheirSessionEndedDuringTheRefresh()
    {
        using var folder = new TempFolder();
        await using var server = await InProcessServer.StartAsync(ServerSettings.Complete(folder));
        var random = new Random(Seed: 8);
        for (var round = 0; round < 60; round++)
        {
            var way = (Way)(round % 4);
            foreach (var issue in await RoundAsync(server, Presenter.OverHttp(server.Api), way, endAfter: random.Next(Racers)))
            {
                var answer = await server.Api.GetAsync("/auth/session", issue.AccessToken);
                Assert.True(answer is { Status: 401, Code: "token_revoked" }, $"{way}: {answer}");
            }
        }
    }

    private static async Task<IEnumerable<Issue>> RoundAsync(InProcessServer server, Presenter presenter, Way way, int endAfter)
    {
        var (recorder, first) = (new SessionRecorder(), await server.StartSessionAsync(ownSubject: true));
        var session = first.Session.Id.ToString();
        recorder.Answered(recorder.Begin(session, Deed.Start), Outcome.Issued, first.RefreshToken, first.Generation);
        var issued = new ConcurrentBag<Issue>();
        var left = endAfter + 1;
        var isTime = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        void Count()
        {
            if (Interlocked.Decrement(ref left) == 0) isTime.TrySetResult();
        }

        async Task RaceAsync()
        {
            var token = first.RefreshToken;
            for (var n = 0; n < Exchanges; n++)
            {
                Count();
                if (await presenter.PresentAsync(recorder, session, token) is not { } issue) continue;
                issued.Add(issue);
                token = issue.RefreshToken;
            }
        }

        async Task EndAsync()
        {
            await isTime.Task;
            var begun = recorder.Begin(session, Deed.End, reason: Reason(way).Code());
            await EndSessionAsync(server, first.Session, way);
            recorder.Answered(begun, Outcome.Done);
        }

        await Task.WhenAll([Task.Run(EndAsync), .. Enumerable.Range(0, Racers).Select(_ => Task.Run(RaceAsync))]);
        foreach (var token in issued.Select(issue => issue.RefreshToken).Append(first.RefreshToken))
            Assert.Null(await presenter.PresentAsync(recorder, session, token));
        recorder.ThrowUnlessSerial();
        return issued;
    }

    private static Task EndSessionAsync(InProcessServer server, Session session, Way way) => way switch
    {
        Way.LogOut => server.Get<LogOut>().RunAsync(session.Id, session.Subject.Value, default),
        Way.EndAll => server.Get<EndSessions>().AllAsync(session.Subject, EndReason.AllEnded, by: null, default),
        Way.Disable => server.Get<ManageAccount>().ChangeAsync(session.Subject, new AccountChange(Roles: null, Disabled: true, null, null), by: "-", default),
        _ => server.Get<EndSessions>().EveryoneAsync(by: null, default),
    };

    private static EndReason Reason(Way way) => way switch
    {
        Way.LogOut => EndReason.Logout,
        Way.Disable => EndReason.AccountDisabled,
        _ => EndReason.AllEnded,
    };
}
