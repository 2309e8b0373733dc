using Symbolon.Authority.Operations;
using Symbolon.Sessions;
using Symbolon.Server.Processes;
using Symbolon.Testing;

namespace Symbolon.Server.Concurrency;

/// <summary>Presents refresh tokens and records what comes back: through the operation, or over HTTP.</summary>
internal abstract class Presenter
{
    public static Presenter InProcess(InProcessServer server) => new Operations(server.Get<RefreshSession>());

    public static Presenter OverHttp(Api api) => new Http(api);

    /// <summary>Presents a token once; answers the child's text and the access token, or null.</summary>
    public async Task<Issue?> PresentAsync(SessionRecorder recorder, string session, string token)
    {
        var begun = recorder.Begin(session, Deed.Refresh, token);
        var (outcome, issue, reason) = await PresentAsync(token);
        recorder.Answered(begun, outcome, issue?.RefreshToken, issue?.Generation ?? 0, reason);
        return issue;
    }

    protected abstract Task<(Outcome Outcome, Issue? Issue, string? Reason)> PresentAsync(string token);

    private sealed class Operations(RefreshSession refresh) : Presenter
    {
        protected override async Task<(Outcome, Issue?, string?)> PresentAsync(string token) =>
            await refresh.RunAsync(new RefreshCommand(token, ClientId: null, SessionTransport.Body, Attempt: null), default) switch
            {
                RefreshOutcome.Issued { Tokens: var tokens } => (Outcome.Issued, new Issue(tokens.RefreshToken, tokens.Generation, tokens.AccessToken), null),
                RefreshOutcome.AskAgain => (Outcome.AskAgain, null, null),
                RefreshOutcome.Reuse => (Outcome.Reuse, null, null),
                RefreshOutcome.Ended ended => (Outcome.Ended, null, ended.Reason.Code()),
                RefreshOutcome.Invalid => (Outcome.Invalid, null, null),
                var other => throw new InvalidOperationException(other.GetType().Name),
            };
    }

    private sealed class Http(Api api) : Presenter
    {
        protected override async Task<(Outcome, Issue?, string?)> PresentAsync(string token)
        {
            var answer = await api.RefreshAsync(token);
            return (Observation.OutcomeOf(answer.Status, answer.Code),
                answer.Status == 200 ? new Issue(answer.RefreshToken!, answer.Generation, answer.AccessToken!) : null,
                answer.Code == "session_ended" ? answer.Reason : null);
        }
    }
}

/// <summary>Tokens that were handed out.</summary>
internal sealed record Issue(string RefreshToken, int Generation, string AccessToken);
