using System.Security.Cryptography;

namespace Symbolon.Testing.Clients;

/// <summary>A client whose tabs share one token store, ask again after a lost answer, and complain of whatever honest clients must not meet.</summary>
/// <param name="session">The session's id.</param>
/// <param name="store">Where its tokens are.</param>
/// <param name="route">Where each of its requests goes.</param>
/// <param name="gate">Lets it pass.</param>
/// <param name="recorder">Keeps what it sees, for the search of a serial order; null for nothing.</param>
public sealed class HonestClient(string session, TokenStore store, Route route, Gate gate, SessionRecorder? recorder = null)
{
    private volatile string? complaint;
    private volatile bool endAcknowledged, endAsked, sacrificed;

    /// <summary>The session's id.</summary>
    public string Session => session;

    /// <summary>Where its tokens are.</summary>
    public TokenStore Store => store;

    /// <summary>What went wrong, or null.</summary>
    public string? Complaint => complaint;

    /// <summary>Its log-out was answered with 204.</summary>
    public bool EndAcknowledged => endAcknowledged;

    /// <summary>Neither it nor a thief has asked for its end.</summary>
    public bool IsAlive => !endAsked && !sacrificed;

    /// <summary>Refreshes as fast as it is answered, with several tabs at once, until its session is over.</summary>
    /// <remarks>No tab is left behind by two generations: a request that is under way for so long is, to the rules, a thief's.</remarks>
    public async Task RunAsync(int tabs, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && complaint is null)
        {
            await gate.PassAsync().WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested) return;
            var goesOn = await Task.WhenAll(Enumerable.Range(0, tabs).Select(_ => Task.Run(ExchangeAsync, CancellationToken.None)));
            if (goesOn.Contains(false)) return;
        }
    }

    /// <summary>One exchange of what the store holds; false when the session is over. A lost answer is no answer: the store is read again.</summary>
    public async Task<bool> ExchangeAsync()
    {
        var (held, wasEnded) = (store.Read(), endAcknowledged);
        if (await PresentAsync(held) is not { } answer) return true;
        switch (answer.Status)
        {
            case 200:
                if (wasEnded) complaint = $"tokens came after an acknowledged end (generation {answer.Generation})";
                store.Take(held, answer.RefreshToken!, answer.Generation);
                gate.Count();
                return true;
            case 409 or 503:
                return true;
            default:
                if (IsAlive) complaint = $"logged out: {answer.Status} {answer.Text}, generation {held.Generation}";
                return false;
        }
    }

    /// <summary>Logs out, again and again until that is acknowledged.</summary>
    public async Task LogOutAsync()
    {
        endAsked = true;
        while (!endAcknowledged)
        {
            await gate.PassAsync();
            var begun = recorder?.Begin(session, Deed.End, reason: "logout");
            if (Seen(begun, await route(api => api.LogoutAsync(store.Read().Token))) is not { } answer) continue;
            if (answer.Status == 204) endAcknowledged = true;
            else if (answer.Status != 503) throw new InvalidOperationException($"log-out: {answer}");
        }
    }

    /// <summary>Presents a token that has been left behind: it must not yield tokens. Answers whether there was one.</summary>
    public async Task<bool> PresentDeadAsync()
    {
        if (store.Dead() is not { Count: > 0 } dead) return false;
        sacrificed = true;
        var begun = recorder?.Begin(session, Deed.End, reason: "refresh_reuse");
        var answer = await route(api => api.RefreshAsync(dead[RandomNumberGenerator.GetInt32(dead.Count)].Token));
        if (answer?.Code == "refresh_reuse") Seen(begun, Outcome.Done);
        else Seen(begun, Outcome.Unknown); // it was told apart from a late tab, or not: that depends on time
        if (answer is null or { Status: 503 } or { Status: 409 or 401, Code: "ask_again" or "refresh_reuse" or "session_ended" }) return true;
        throw new InvalidOperationException($"a dead token was revived: {answer}");
    }

    private async Task<Answer?> PresentAsync(Held held)
    {
        var begun = recorder?.Begin(session, Deed.Refresh, held.Token, held.Attempt);
        return Seen(begun, await route(api => api.RefreshAsync(held.Token, held.Attempt)));
    }

    private Answer? Seen(Observation? begun, Answer? answer)
    {
        Seen(begun, answer is null ? Outcome.Unknown : Observation.OutcomeOf(answer.Status, answer.Code), answer);
        return answer;
    }

    private void Seen(Observation? begun, Outcome outcome, Answer? answer = null)
    {
        if (begun is null) return;
        if (outcome is Outcome.Unknown) recorder!.Unanswered(begun);
        else recorder!.Answered(begun, outcome, answer?.RefreshToken, answer?.Generation ?? 0, answer?.Code == "session_ended" ? answer.Reason : null);
    }
}
