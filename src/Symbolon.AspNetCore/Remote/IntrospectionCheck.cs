using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Symbolon.Access;
using Symbolon.Sessions;

namespace Symbolon.AspNetCore.Remote;

/// <summary>Asks the authority whether a token counts now, by introspection (RFC 7662): one question at a time about each token, so many at once, and none for a moment after several that were not answered.</summary>
/// <remarks>An answer is never older than the question: a request that comes while one is under way shares the next. DESIGN §5.</remarks>
internal sealed class IntrospectionCheck(Uri endpoint, VerifierCredential credential, RemoteContext with) : LiveCheck, IDisposable
{
    private const int MaxLength = 64 * 1024, MostAtOnce = 64, MostTokens = 4096, FailuresUntilPause = 3;
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(2), WaitsAtMost = 2 * AnswersWithin, Pause = TimeSpan.FromSeconds(1);
    private readonly Dictionary<string, Asking> asked = [];
    private readonly Lock gate = new();
    private readonly SemaphoreSlim places = new(MostAtOnce);
    private int failures;
    private long failedAt;

    /// <inheritdoc/>
    public override async ValueTask<LiveAnswer> AskAsync(LiveQuestion question, CancellationToken ct)
    {
        if (!TryJoin(question, out var answer)) return Counted(LiveAnswer.Unavailable, "not_asked");
        try
        {
            return await answer.WaitAsync(WaitsAtMost, with.Time, ct);
        }
        catch (TimeoutException)
        {
            return Counted(LiveAnswer.Unavailable, "not_asked"); // the authority answers, but slowly, and too many were before
        }
    }

    public void Dispose() => places.Dispose();

    private bool TryJoin(LiveQuestion question, [NotNullWhen(true)] out Task<LiveAnswer>? answer)
    {
        answer = null;
        lock (gate)
        {
            if (asked.TryGetValue(question.Token, out var known)) answer = known.Join();
            else if (IsPausing || asked.Count >= MostTokens) return false;
            else answer = Begin(question).Join();
            return true;
        }
    }

    private Asking Begin(LiveQuestion question)
    {
        var asking = new Asking();
        asked.Add(question.Token, asking);
        _ = Task.Run(() => AskUntilNobodyWaitsAsync(question with { Http = null }, asking)); // belongs to all who wait for it
        return asking;
    }

    private async Task AskUntilNobodyWaitsAsync(LiveQuestion question, Asking asking)
    {
        while (true)
        {
            await places.WaitAsync();
            try
            {
                TaskCompletionSource<LiveAnswer> waiting;
                lock (gate) waiting = asking.Send();
                waiting.SetResult(await AnswerAsync(question));
            }
            finally
            {
                places.Release();
            }

            lock (gate)
            {
                if (asking.HasMore) continue;
                asked.Remove(question.Token);
                return;
            }
        }
    }

    // Never throws: somebody waits for it, and others for the place.
    private async Task<LiveAnswer> AnswerAsync(LiveQuestion question)
    {
        try
        {
            return IsPausing ? Counted(LiveAnswer.Unavailable, "not_asked") : await SendAsync(question);
        }
        catch (Exception)
        {
            return LiveAnswer.Unavailable; // who listens to our log or to our metrics has thrown
        }
    }

    private bool IsPausing => Volatile.Read(ref failures) >= FailuresUntilPause && with.Time.GetElapsedTime(Volatile.Read(ref failedAt)) < Pause;

    private async Task<LiveAnswer> SendAsync(LiveQuestion question)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, endpoint);
            request.Headers.Authorization = ClientToken.Basic(credential);
            request.Content = new FormUrlEncodedContent([KeyValuePair.Create("token", question.Token), KeyValuePair.Create("token_type_hint", "access_token")]);
            var answer = await with.Http.AskAsync(request, MaxLength, AnswersWithin, CancellationToken.None);
            if (answer.Status != 200) return Failed(answer.Status is 401 or 403 ? $"{endpoint} refuses the client '{credential.ClientId}' ({answer.Status}). Check its secret and scopes." : $"{endpoint} answered {answer.Status}.");
            if (Read(answer.Body, question.Authentic.Claims) is not { } read) return Failed($"{endpoint} answered something else than what RFC 7662 says, or about another token.");
            Volatile.Write(ref failures, 0);
            return Counted(read, read.Failure is { } failure ? failure.Code() : "active");
        }
        catch (Exception e)
        {
            return Failed(RemoteException.Why(e));
        }
    }

    private LiveAnswer Failed(string why)
    {
        Volatile.Write(ref failedAt, with.Time.GetTimestamp());
        if (Interlocked.Increment(ref failures) % FailuresUntilPause == 1) with.Log.LiveUnanswered(with.Options.Name, why);
        return Counted(LiveAnswer.Unavailable, "unavailable");
    }

    private LiveAnswer Counted(LiveAnswer answer, string outcome)
    {
        with.Metrics.Asked(with.Options.Name, outcome);
        return answer;
    }

    /// <summary>What an answer says about a token; null when it is not an answer about this token.</summary>
    internal static LiveAnswer? Read(ReadOnlyMemory<byte> body, AccessTokenClaims claims)
    {
        using var json = RemoteJson.Object(body);
        if (json?.RootElement is not { } root || !root.TryGetProperty("active", out var active)) return null;
        if (active.ValueKind is JsonValueKind.False) return Inactive(root);
        return active.ValueKind is JsonValueKind.True && Agrees(root, "sub", claims.Subject) && Agrees(root, "jti", claims.Id) && Agrees(root, "sid", claims.SessionId)
            ? new LiveAnswer(Failure: null) : null;
    }

    // An authority need not say these (RFC 7662 §2.2); but what it says must be about this token.
    private static bool Agrees(JsonElement json, string name, string? own) =>
        !json.TryGetProperty(name, out var value) || (value.ValueKind is JsonValueKind.String && value.GetString() == own);

    private static LiveAnswer Inactive(JsonElement json) => new(
        json.Text("code") switch
        {
            "claims_stale" => AccessTokenFailure.ClaimsStale,
            "token_expired" => AccessTokenFailure.Expired,
            _ => AccessTokenFailure.Revoked,
        },
        json.Text("reason") is { } reason && EndReasons.TryParse(reason, out _) ? reason : null);

    /// <summary>Who waits for answers about one token: for the question that is about to be sent, or for the one after.</summary>
    private sealed class Asking
    {
        private TaskCompletionSource<LiveAnswer>? next;

        public bool HasMore => next is not null;

        public Task<LiveAnswer> Join() => (next ??= new TaskCompletionSource<LiveAnswer>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

        public TaskCompletionSource<LiveAnswer> Send()
        {
            var waiting = next!;
            next = null;
            return waiting;
        }
    }
}
