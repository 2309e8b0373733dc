using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Symbolon.Authority.Endpoints;
using Symbolon.Mock.Hosting;
using Symbolon.Mock.Log;

namespace Symbolon.Mock.Faults;

/// <summary>The fault that a request has.</summary>
internal sealed record FaultOfRequest(MockFault Fault, TimeSpan Delay);

/// <summary>Chooses the fault of a request, in front of everything but the log. What concerns headers is done here, behind what sets them: the last callback that was registered runs first.</summary>
internal sealed class FaultChoice(MockFaults faults, MockDelay latency, RequestDelegate next)
{
    private const string Cors = "Access-Control-";

    public async Task InvokeAsync(HttpContext http)
    {
        var isPreflight = http.IsPreflight();
        if (faults.IsCutting) Connections.Close(http.Features); // the next request, which may be the one, then comes on a connection of its own
        if (!latency.IsNone && !isPreflight) await PauseAsync(http, faults.Draw(latency));
        if (faults.Take(http.Request.Method, http.Request.Path.Value ?? "/", isPreflight) is not var (fault, delay))
        {
            await next(http);
            return;
        }

        http.Features.Set(new FaultOfRequest(fault, delay));
        if (delay > TimeSpan.Zero && fault.Kind is not (MockFaultKind.Reset or MockFaultKind.LostResponse)) http.Response.OnStarting(() => PauseAsync(http, delay));
        if (fault.Kind is MockFaultKind.DropSetCookie) OnStarting(http, headers => headers.Remove("Set-Cookie"));
        if (fault.Kind is MockFaultKind.WrongCors)
        {
            OnStarting(http, headers =>
            {
                foreach (var name in headers.Keys.Where(name => name.StartsWith(Cors, StringComparison.OrdinalIgnoreCase)).ToList()) headers.Remove(name);
            });
        }

        await next(http);
    }

    /// <summary>Waits, but not for a client that has gone.</summary>
    public static async Task PauseAsync(HttpContext http, TimeSpan length) => await Task.Delay(length, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static void OnStarting(HttpContext http, Action<IHeaderDictionary> change) => http.Response.OnStarting(() =>
    {
        change(http.Response.Headers);
        return Task.CompletedTask;
    });
}

/// <summary>Does what goes wrong with an answer or its connection. Behind CORS, so that a page may read what is answered instead.</summary>
internal sealed class FaultMiddleware(RequestDelegate next)
{
    private const string Portal = "<!doctype html><html><head><title>Sign in to the network</title></head><body><h1>Welcome to the free Wi-Fi</h1></body></html>";

    public Task InvokeAsync(HttpContext http) => http.Features.Get<FaultOfRequest>() is not { } what ? next(http) : what.Fault.Kind switch
    {
        MockFaultKind.Status => FaultProblems.AnswerAsync(http, what.Fault),
        MockFaultKind.Empty => EmptyAsync(http),
        MockFaultKind.Html200 => PortalAsync(http),
        MockFaultKind.Reset => AbortAsync(http, what.Delay),
        MockFaultKind.LostResponse => LoseAsync(http, what.Delay),
        MockFaultKind.Truncate => TruncateAsync(http, what.Delay),
        _ => next(http),
    };

    private static Task EmptyAsync(HttpContext http)
    {
        http.Response.ContentLength = 0;
        return Task.CompletedTask;
    }

    private static Task PortalAsync(HttpContext http)
    {
        http.Response.ContentType = "text/html; charset=utf-8";
        return http.Response.WriteAsync(Portal, http.RequestAborted);
    }

    private static async Task AbortAsync(HttpContext http, TimeSpan delay)
    {
        await FaultChoice.PauseAsync(http, delay);
        if (http.Features.Get<LoggedRequest>() is { } logged) await logged.NoteAsync(); // before the client can see it; preflights are not in the log
        http.Abort();
    }

    private async Task LoseAsync(HttpContext http, TimeSpan delay)
    {
        await CollectAsync(http);
        await AbortAsync(http, delay);
    }

    private async Task TruncateAsync(HttpContext http, TimeSpan delay)
    {
        var body = await CollectAsync(http);
        if (body.Length < 2 || HttpMethods.IsHead(http.Request.Method))
        {
            await AbortAsync(http, delay); // there is nothing to halve: a 204, a HEAD
            return;
        }

        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body.AsMemory(0, body.Length / 2), http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
        Connections.Close(http.Features);
    }

    // The engine's answer, kept back.
    private async Task<byte[]> CollectAsync(HttpContext http)
    {
        var real = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var buffer = new KeptAnswer(http);
        var kept = new StreamResponseBodyFeature(buffer);
        http.Features.Set<IHttpResponseBodyFeature>(kept);
        try
        {
            await next(http);
            await kept.Writer.FlushAsync();
        }
        finally
        {
            http.Features.Set(real);
        }

        return buffer.ToArray();
    }

    // A stream of events has no end to wait for: it is cut as soon as the engine has begun it.
    private sealed class KeptAnswer(HttpContext http) : MemoryStream
    {
        public override Task FlushAsync(CancellationToken cancellationToken) =>
            http.Response.ContentType == ServerSentEvents.MediaType ? AbortAsync(http, TimeSpan.Zero) : Task.CompletedTask;
    }
}
