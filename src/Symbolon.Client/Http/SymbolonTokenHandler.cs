using Microsoft.Extensions.Logging;
using Symbolon.Client.Sessions;
using Symbolon.Client.Telemetry;

namespace Symbolon.Client.Http;

/// <summary>Adds the session's token to requests: snapshot → refresh first when due → send → on a refused token refresh that version → send once more. Holds nothing of any user: factories pool handlers.</summary>
internal sealed class SymbolonTokenHandler(SymbolonClient client, SymbolonTokenOptions options, ILogger log, ClientMetrics metrics) : DelegatingHandler
{
    private readonly AllowedHosts hosts = new(client.Options.Authority!, options.AllowedHosts);
    private int isTold;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Carries(request) ? await SendAsync(request, isSync: false, cancellationToken).ConfigureAwait(false) : await base.SendAsync(request, cancellationToken).ConfigureAwait(false);

    // The thread waits only for the shared refresh, which runs on the pool and captures no context.
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Carries(request) ? SendAsync(request, isSync: true, cancellationToken).AsTask().GetAwaiter().GetResult() : base.Send(request, cancellationToken);

    private async ValueTask<HttpResponseMessage> SendAsync(HttpRequestMessage request, bool isSync, CancellationToken ct)
    {
        ((IDictionary<string, object?>)request.Options).Remove(SymbolonRequest.NotReplayed.Key); // of another time that it was sent
        if (KeyOf(request) is not { } key) return await PassAsync(request, isSync, ct).ConfigureAwait(false);
        var session = client.Named(key);
        var copies = new RequestCopies(request, options.MaxReplay);
        var token = await Wait(session.GetTokenAsync(ct: ct), isSync).ConfigureAwait(false);
        var response = await PassAsync(copies.First(token), isSync, ct).ConfigureAwait(false);
        if (token is null) return response;
        if (!await Wait(RefusedToken.IsInAsync(response, request.RequestUri!, ct), isSync).ConfigureAwait(false))
        {
            session.Taken(token.Version);
            return response;
        }

        var outcome = session.MayReplace(token.Version) ? await Wait(session.RefreshAsync(token.Version, ct), isSync).ConfigureAwait(false) : RefreshOutcome.Kept;
        if (outcome == RefreshOutcome.SignedOut)
        {
            response.Dispose();
            throw session.Ended();
        }

        var next = outcome == RefreshOutcome.Kept ? null : await Wait(session.GetTokenAsync(TimeSpan.Zero, ct), isSync).ConfigureAwait(false);
        if (next is null || next.SessionId != token.SessionId) // what one user asked for is not sent again as another
        {
            metrics.Retried("kept");
            return response;
        }

        if (copies.Second(next, out var reason) is not { } second)
        {
            metrics.Retried("not_replayed");
            session.Untried(next.Version);
            log.BodyNotReplayed(AllowedHosts.OriginOf(request.RequestUri!), reason);
            request.Options.Set(SymbolonRequest.NotReplayed, reason);
            response.RequestMessage?.Options.Set(SymbolonRequest.NotReplayed, reason);
            return response;
        }

        metrics.Retried("sent_again");
        response.Dispose();
        response = await PassAsync(second, isSync, ct).ConfigureAwait(false);
        session.Judged(next.Version, await Wait(RefusedToken.IsInAsync(response, request.RequestUri!, ct), isSync).ConfigureAwait(false));
        return response;
    }

    private bool Carries(HttpRequestMessage request)
    {
        // Who brings an authorization of his own keeps it; and the authority's own client may have been given this handler by a default for all clients.
        if (request.RequestUri is not { IsAbsoluteUri: true } address || request.Headers.NonValidated.Contains("Authorization") || request.Options.TryGetValue(SymbolonRequest.IsOwn, out _)) return false;
        if (hosts.Allows(address)) return true;
        if (Interlocked.Exchange(ref isTold, 1) == 0) log.HostNotAllowed(AllowedHosts.OriginOf(address));
        return false;
    }

    // Who says that a request is nobody's does not mean the program's own session.
    private string? KeyOf(HttpRequestMessage request) =>
        request.Options.TryGetValue(SymbolonRequest.SessionKey, out var key) ? key : options.SessionKey is { } keyOf ? keyOf(request) : SymbolonClient.DefaultSessionKey;

    private ValueTask<HttpResponseMessage> PassAsync(HttpRequestMessage message, bool isSync, CancellationToken ct) =>
        isSync ? new(base.Send(message, ct)) : new(base.SendAsync(message, ct));

    // In the synchronous path nothing is ever awaited that is not there already.
    private static ValueTask<T> Wait<T>(ValueTask<T> task, bool isSync) => !isSync || task.IsCompleted ? task : new(task.AsTask().GetAwaiter().GetResult());
}
