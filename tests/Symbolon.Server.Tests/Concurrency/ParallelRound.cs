using Symbolon.Authority;
using Symbolon.Testing;

namespace Symbolon.Server.Concurrency;

/// <summary>One token presented 64 times at once, at one server or spread over several; then its children, together; checked.</summary>
internal static class ParallelRound
{
    /// <summary>How many present it.</summary>
    public const int Width = 64;

    // Each tried together after the storm; more would only be refused alike.
    private const int Children = 4;

    /// <summary>Runs one on a new session; each presentation goes to the next presenter.</summary>
    public static async Task RunAsync(IssuedTokens first, params IReadOnlyList<Presenter> presenters)
    {
        var (recorder, session) = (new SessionRecorder(), first.Session.Id.ToString());
        recorder.Answered(recorder.Begin(session, Deed.Start), Outcome.Issued, first.RefreshToken, first.Generation);

        var children = await TogetherAsync(Enumerable.Repeat(first.RefreshToken, Width), recorder, session, presenters);
        Assert.Equal(Width, children.Count); // the token is used once, and retried 63 times
        var lines = await TogetherAsync(children.Take(Children).Append(first.RefreshToken), recorder, session, presenters);
        Assert.NotEmpty(lines); // the first to come, and whoever was before it
        var last = await TogetherAsync(lines.Concat(children.Take(Children)), recorder, session, presenters);
        Assert.NotEmpty(last);
        recorder.ThrowUnlessSerial();
    }

    private static async Task<List<string>> TogetherAsync(IEnumerable<string> tokens, SessionRecorder recorder, string session, IReadOnlyList<Presenter> presenters)
    {
        // Tasks of their own: a store in memory would end each before the next begins.
        var issues = await Task.WhenAll([.. tokens.Select((token, place) => Task.Run(() => presenters[place % presenters.Count].PresentAsync(recorder, session, token)))]);
        return [.. issues.OfType<Issue>().Select(issue => issue.RefreshToken)];
    }
}
