using System.Collections.Concurrent;
using System.Text;
using Symbolon.AspNetCore.Tests.Support;

namespace Symbolon.AspNetCore.Tests.Remote;

public sealed class IntrospectionTests : IAsyncLifetime
{
    private readonly FiringTime time = new();
    private readonly Tokens keys = new();
    private FakeAuthority authority = null!;

    public async ValueTask InitializeAsync() => (authority = await FakeAuthority.StartAsync(time)).Jwks = keys.Jwks;

    public ValueTask DisposeAsync() => authority.DisposeAsync();

    [Theory]
    [InlineData("""{"active":true}""", "ok_live")]
    [InlineData("""{"active":true,"sub":"u1","sid":"s1"}""", "ok_live")]
    [InlineData("""{"active":false}""", "token_revoked")]
    [InlineData("""{"active":false,"code":"claims_stale"}""", "claims_stale")]
    [InlineData("""{"active":false,"code":"token_expired"}""", "token_expired")]
    [InlineData("""{"active":false,"code":"<script>","reason":"<script>"}""", "token_revoked")]
    [InlineData("""{"active":true,"sub":"u2"}""", "unavailable")]
    [InlineData("""{"active":true,"sid":"s2"}""", "unavailable")]
    [InlineData("""{"active":true,"jti":"another"}""", "unavailable")]
    [InlineData("""{"active":true,"sub":7}""", "unavailable")]
    [InlineData("""{"active":"true"}""", "unavailable")]
    [InlineData("""{}""", "unavailable")]
    [InlineData("""[]""", "unavailable")]
    [InlineData("""nonsense""", "unavailable")]
    public async Task Answer_IsWhatTheAuthoritySays_WhenItIsAboutThisToken(string answer, string expected)
    {
        await using var verifier = await Verifier.StartAsync(authority.Address, time);
        authority.Introspection = _ => Task.FromResult(answer);

        Assert.Equal(expected, await verifier.CheckAsync(keys.Make(time.GetUtcNow()), SymbolonMode.Live));
    }

    [Theory]
    [InlineData("""{"active":false,"reason":"logout"}""", "logout")]
    [InlineData("""{"active":false,"reason":"because"}""", null)]
    public async Task Reason_IsPassedOn_WhenItIsOneOfOurs(string answer, string? reason)
    {
        await using var verifier = await Verifier.StartAsync(authority.Address, time);
        authority.Introspection = _ => Task.FromResult(answer);

        var result = await verifier.Check.CheckAsync(keys.Make(time.GetUtcNow()), verifier.Demand with { Mode = SymbolonMode.Live }, http: null, CancellationToken.None);

        Assert.Equal(reason, result.Problem!.Reason);
    }

    [Fact]
    public async Task Question_IsAskedAgain_ForThoseWhoCameWhileOneWasUnderWay()
    {
        await using var verifier = await Verifier.StartAsync(authority.Address, time);
        var (questions, token) = (new ConcurrentQueue<TaskCompletionSource<string>>(), keys.Make(time.GetUtcNow()));
        authority.Introspection = _ =>
        {
            var question = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            questions.Enqueue(question);
            return question.Task;
        };

        var first = verifier.CheckAsync(token, SymbolonMode.Live);
        await Eventually.IsAsync(() => questions.Count == 1, "the first question has come");
        var later = Enumerable.Range(0, 100).Select(_ => verifier.CheckAsync(token, SymbolonMode.Live)).ToArray();
        Assert.True(questions.TryDequeue(out var earlier));
        earlier.SetResult("""{"active":true}""");
        Assert.Equal("ok_live", await first);
        await Eventually.IsAsync(() => questions.Count == 1, "the next question has come");
        Assert.All(later, one => Assert.False(one.IsCompleted)); // the first answer is older than their question

        Assert.True(questions.TryDequeue(out var next));
        next.SetResult("""{"active":false,"reason":"logout"}""");

        Assert.All(await Task.WhenAll(later), answer => Assert.Equal("token_revoked", answer));
        Assert.Equal(2, authority.Count("POST /oauth/introspect"));
    }

    [Fact]
    public async Task Question_GoesOn_WhenWhoAskedItHasLeft()
    {
        await using var verifier = await Verifier.StartAsync(authority.Address, time);
        var (answer, token) = (new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously), keys.Make(time.GetUtcNow()));
        authority.Introspection = _ => answer.Task;
        using var leaving = new CancellationTokenSource();
        var left = verifier.Check.CheckAsync(token, verifier.Demand with { Mode = SymbolonMode.Live }, http: null, leaving.Token).AsTask();
        await Eventually.IsAsync(() => authority.Count("POST /oauth/introspect") == 1, "the question has come");

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        var stays = verifier.CheckAsync(token, SymbolonMode.Live);
        answer.SetResult("""{"active":true}""");

        Assert.Equal("ok_live", await stays);
    }

    [Fact]
    public async Task Questions_PauseForAMoment_WhenSeveralWereNotAnswered()
    {
        await using var verifier = await Verifier.StartAsync(authority.Address, time);
        authority.Introspection = _ => Task.FromResult("nonsense");
        for (var i = 0; i < 10; i++) Assert.Equal("unavailable", await verifier.CheckAsync(keys.Make(time.GetUtcNow()), SymbolonMode.Live));
        Assert.Equal(3, authority.Count("POST /oauth/introspect"));

        authority.Introspection = _ => Task.FromResult("""{"active":true}""");
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("ok_live", await verifier.CheckAsync(keys.Make(time.GetUtcNow()), SymbolonMode.Live));
    }

    [Fact]
    public async Task Check_Is503_WhenTheAnswerTakesTooLong()
    {
        await using var verifier = await Verifier.StartAsync(authority.Address, time);
        var never = new TaskCompletionSource<string>();
        authority.Introspection = _ => never.Task;
        var check = verifier.CheckAsync(keys.Make(time.GetUtcNow()), SymbolonMode.Live);

        await Eventually.IsAsync(() => check.IsCompleted, "it was given up", time);

        Assert.Equal("unavailable", await check);
        never.SetResult("{}");
    }

    [Fact]
    public async Task Questions_AreAtMostSixtyFourAtOnce()
    {
        await using var verifier = await Verifier.StartAsync(authority.Address, time);
        var (now, most, gate) = (0, 0, new TaskCompletionSource());
        authority.Introspection = async _ =>
        {
            var count = Interlocked.Increment(ref now);
            InterlockedMax(ref most, count);
            await gate.Task;
            Interlocked.Decrement(ref now);
            return """{"active":true}""";
        };
        var all = Enumerable.Range(0, 200).Select(_ => verifier.CheckAsync(keys.Make(time.GetUtcNow()), SymbolonMode.Live)).ToArray();
        await Eventually.IsAsync(() => Volatile.Read(ref now) == 64, "all places are taken");

        gate.SetResult();

        Assert.All(await Task.WhenAll(all), answer => Assert.Equal("ok_live", answer));
        Assert.Equal(64, most);
    }

    [Fact]
    public async Task Question_IsGivenUp_WhenTooManyAreBeforeItAndTheAuthorityIsSlow()
    {
        await using var verifier = await Verifier.StartAsync(authority.Address, time);
        var (began, gates) = (0, Enumerable.Range(0, 4).Select(_ => new TaskCompletionSource()).ToArray());
        authority.Introspection = async _ =>
        {
            await gates[(Interlocked.Increment(ref began) - 1) / 64].Task;
            return """{"active":true}""";
        };
        var all = Enumerable.Range(0, 200).Select(_ => verifier.CheckAsync(keys.Make(time.GetUtcNow()), SymbolonMode.Live)).ToArray();
        for (var round = 0; round < 2; round++)
        {
            await Eventually.IsAsync(() => Volatile.Read(ref began) == 64 * (round + 1), "all places are taken");
            time.Advance(TimeSpan.FromSeconds(1.8));
            gates[round].SetResult();
        }

        await Eventually.IsAsync(() => Volatile.Read(ref began) == 192, "all places are taken");
        time.Advance(TimeSpan.FromSeconds(0.5)); // nobody has waited for an answer for two seconds

        await Eventually.IsAsync(() => all.All(one => one.IsCompleted), "nobody waits any more");
        gates[2].SetResult();
        gates[3].SetResult();
        Assert.Equal(128, (await Task.WhenAll(all)).Count(answer => answer == "ok_live"));
        Assert.Equal(72, (await Task.WhenAll(all)).Count(answer => answer == "unavailable"));
    }

    [Fact]
    public async Task Question_CarriesTheCredentialAndTheToken()
    {
        await using var verifier = await Verifier.StartAsync(authority.Address, time);
        var (asked, header) = ("", "");
        authority.Instead = http =>
        {
            if (http.Request.Path == "/oauth/introspect") header = http.Request.Headers.Authorization.ToString();
            return Task.FromResult(false);
        };
        authority.Introspection = token =>
        {
            asked = token;
            return Task.FromResult("""{"active":true}""");
        };
        var token = keys.Make(time.GetUtcNow());

        await verifier.CheckAsync(token, SymbolonMode.Live);

        Assert.Equal(token, asked);
        Assert.Equal($"orders:{Uri.EscapeDataString(Verifier.Secret)}", Encoding.UTF8.GetString(Convert.FromBase64String(header["Basic ".Length..])));
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int known;
        while ((known = Volatile.Read(ref most)) < value) Interlocked.CompareExchange(ref most, value, known);
    }
}
