using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Symbolon.Access;
using Symbolon.AspNetCore.Tests.Support;

namespace Symbolon.AspNetCore.Tests.Connections;

/// <summary>Connections that are open when the view of what is revoked grows older than their routes allow.</summary>
public sealed class StaleConnectionTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20), Stale = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(8);
    private readonly LogLines log = new();
    private Api api = null!;

    public async ValueTask InitializeAsync() => api = await Api.StartAsync(app =>
    {
        foreach (var whenStale in Enum.GetValues<WhenStale>())
        {
            app.MapGet($"/{whenStale}", EventsAsync).RequireSymbolon(new SymbolonModeAttribute(SymbolonMode.Revocable) { WhenStale = whenStale, MaxStalenessSeconds = 0.5 });
            app.MapGet($"/{whenStale}/later", EventsAsync).RequireSymbolon(new SymbolonModeAttribute(SymbolonMode.Revocable) { WhenStale = whenStale, MaxStalenessSeconds = Later.TotalSeconds });
        }
    }, services: services => services.AddSingleton<ILoggerProvider>(log));

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task Deny_Closes()
    {
        using var open = await OpenAsync("/Deny");
        api.Feed.SetAge(Stale);
        Assert.Equal("view_stale", await open.Ended);
        Assert.Equal(0, api.Live.Questions);
    }

    [Fact]
    public async Task Ask_ClosesThoseThatAreNotAlive_AndLeavesTheOthers()
    {
        using var dead = await OpenAsync("/Ask", "dead");
        using var alive = await OpenAsync("/Ask", "alive");
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        api.Live.Answer = question =>
        {
            if (question.Authentic.Claims.Subject == "alive") asked.TrySetResult();
            return question.Authentic.Claims.Subject == "dead" ? new LiveAnswer(AccessTokenFailure.Revoked, "logout") : default;
        };
        api.Feed.SetAge(Stale);
        Assert.Equal("token_revoked logout", await dead.Ended);
        await asked.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.False(alive.Ended.IsCompleted);
    }

    [Fact]
    public async Task Ask_Closes_WhenNobodyAnswers()
    {
        using var open = await OpenAsync("/Ask");
        api.Live.Answer = _ => LiveAnswer.Unavailable;
        api.Feed.SetAge(Stale);
        Assert.Equal("view_stale", await open.Ended);
    }

    [Fact]
    public async Task Ask_Closes_WhenTheQuestionFails()
    {
        using var one = await OpenAsync("/Ask");
        using var other = await OpenAsync("/Ask");
        api.Live.Answer = _ => throw new TimeoutException("what a store says");
        api.Feed.SetAge(Stale);
        Assert.Equal("view_stale", await one.Ended);
        Assert.Equal("view_stale", await other.Ended);
        await Eventually.IsAsync(() => log.Has(2021), "it is logged");
    }

    [Fact]
    public async Task Ask_IsAsked_AsSoonAsTheViewIsTooOld()
    {
        using var open = await OpenAsync("/Ask/later");
        api.Live.Answer = _ => new LiveAnswer(AccessTokenFailure.Revoked, "logout");
        var since = Stopwatch.GetTimestamp();
        api.Feed.SetAge(Stale);
        Assert.Equal("token_revoked logout", await open.Ended);
        Assert.True(Stopwatch.GetElapsedTime(since) < Later / 2, "closed a whole bound later");
    }

    [Fact]
    public async Task Ask_LeavesOpen_WhenTheTokenHasOnlyExpired()
    {
        using var open = await OpenAsync("/Ask");
        api.Live.Answer = _ => new LiveAnswer(AccessTokenFailure.Expired);
        api.Feed.SetAge(Stale);
        await Eventually.IsAsync(() => api.Live.Questions > 2, "it was asked again and again");
        Assert.False(open.Ended.IsCompleted);
    }

    [Fact]
    public async Task Deny_Closes_WhileQuestionsAreNotAnswered()
    {
        using var asked = await OpenAsync("/Ask");
        using var denied = await OpenAsync("/Deny/later");
        var may = new TaskCompletionSource();
        api.Live.May = may.Task;
        api.Feed.SetAge(Later / 2);
        await Eventually.IsAsync(() => api.Live.Questions == 1, "a question is under way");
        api.Feed.SetAge(Stale);
        Assert.Equal("view_stale", await denied.Ended);
        Assert.False(asked.Ended.IsCompleted);
        may.SetResult();
    }

    [Fact]
    public async Task Allow_Leaves()
    {
        using var left = await OpenAsync("/Allow");
        using var closed = await OpenAsync("/Deny");
        api.Feed.SetAge(Stale);
        await closed.Ended;
        Assert.False(left.Ended.IsCompleted);
    }

    private static async Task EventsAsync(HttpContext http)
    {
        var connection = http.Features.Get<SymbolonConnection>()!;
        await http.Response.WriteAsync("hello\n");
        await http.Response.Body.FlushAsync();
        await Task.Delay(Timeout.InfiniteTimeSpan, connection.Ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await http.Response.WriteAsync($"{connection.Code} {connection.Reason}".TrimEnd());
    }

    private async Task<Open> OpenAsync(string path, string subject = "u1")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {api.Issuer.Token(claims => claims with { Subject = subject })}");
        var answer = (await api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Equal("hello", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        return new Open(answer, reader.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    private sealed record Open(HttpResponseMessage Answer, Task<string> Ended) : IDisposable
    {
        public void Dispose() => Answer.Dispose();
    }
}
