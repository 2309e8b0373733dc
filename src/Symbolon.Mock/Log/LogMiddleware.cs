using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.AspNetCore;
using Symbolon.Authority.Accounts;
using Symbolon.Mock.Faults;
using Symbolon.Mock.Hosting;
using Symbolon.Sessions;

namespace Symbolon.Mock.Log;

/// <summary>Writes each request into the log: at its arrival, and its outcome before the first byte of the answer leaves, so that whoever has the answer finds the outcome.</summary>
internal sealed class LogMiddleware(MockLog log, MockClock clock, RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        if (http.IsPreflight()) return next(http);
        var n = log.Begin(clock.GetUtcNow(), http.Request.Method, http.Request.Path.Value ?? "/");
        var request = new LoggedRequest(log, n, http);
        http.Features.Set(request);
        http.Response.OnStarting(request.NoteAsync);
        http.Response.OnCompleted(request.NoteAsync); // nobody was there any more to be answered
        return next(http);
    }
}

/// <summary>A request whose outcome is to be noted once.</summary>
internal sealed class LoggedRequest(MockLog log, long n, HttpContext http)
{
    private readonly long started = Stopwatch.GetTimestamp();
    private bool isNoted;

    /// <summary>Notes it, as it is by now.</summary>
    public async Task NoteAsync()
    {
        if (isNoted) return;
        isNoted = true;
        var fault = http.Features.Get<FaultOfRequest>()?.Fault;
        var (session, userName) = await WhoseAsync();
        log.Note(n, entry => entry with
        {
            Status = fault?.Kind == MockFaultKind.Reset ? null : http.Response.StatusCode,
            Code = http.Features.Get<SymbolonProblem>()?.Code,
            SessionId = session,
            UserName = userName,
            Fault = fault is null ? null : FaultNames.Of(fault.Kind),
            Duration = Stopwatch.GetElapsedTime(started),
        });
    }

    private async Task<(string? Session, string? UserName)> WhoseAsync()
    {
        var issued = http.Features.Get<Session>();
        var subject = issued?.Subject.Value ?? http.User.Subject();
        if (subject is null) return default;
        var account = await http.RequestServices.GetRequiredService<AccountDirectory>().FindAsync(new SubjectId(subject), CancellationToken.None);
        return (issued?.Id.ToString() ?? http.User.SessionId(), account?.UserName);
    }
}
