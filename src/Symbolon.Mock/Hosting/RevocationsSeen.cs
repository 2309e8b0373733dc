using Microsoft.AspNetCore.Http;
using Symbolon.Authority;
using Symbolon.Authority.InMemory;

namespace Symbolon.Mock.Hosting;

/// <summary>In front of authentication: what the revocation log says when a request comes counts for it. The verifier in this process follows the log within milliseconds; a test that goes on at once must not be quicker.</summary>
internal sealed class RevocationsSeen(InMemoryState state, InProcessRevocationFeed feed, RequestDelegate next)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(1);
    private const int Most = 2000;

    public async Task InvokeAsync(HttpContext http)
    {
        for (var (i, newest) = (0, state.LastSeq); i < Most && feed.View.Seq < newest; i++) await Task.Delay(Look, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await next(http);
    }
}
