using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.Authority.Endpoints;
using Symbolon.Sessions;

namespace Symbolon.Authority;

/// <summary>The answer to a log-in or a refresh: the token response, and with the cookie transport the cookie instead of the refresh token.</summary>
/// <param name="tokens">What was issued.</param>
/// <param name="status">200, or 201 at registration.</param>
public sealed class TokenResult(IssuedTokens tokens, int status = StatusCodes.Status200OK) : IResult
{
    private ReceiptResponse? receipt;

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, cookie) = (httpContext.Response, httpContext.RequestServices.GetRequiredService<RefreshCookie>());
        if (tokens.Session.Transport == SessionTransport.Cookie)
        {
            // The authority's own endpoints ask before they start a session; an application's may have forgotten to.
            if (!cookie.IsPossible(httpContext.Request))
            {
                await Problems.HttpsRequired.ExecuteAsync(httpContext);
                return;
            }

            cookie.Set(httpContext, tokens);
        }

        httpContext.Features.Set(tokens.Session); // for whoever logs whose tokens these are
        response.StatusCode = status;
        response.Headers.CacheControl = "no-store";
        response.ContentType = "application/json; charset=utf-8";
        var json = JsonSerializer.SerializeToUtf8Bytes(TokenResponse.Of(tokens) with { Receipt = receipt }, AuthorityJson.Default.TokenResponse);
        response.ContentLength = json.Length; // one write of known length, instead of chunks
        await response.Body.WriteAsync(json, httpContext.RequestAborted);
    }

    /// <summary>The same answer with a receipt.</summary>
    internal TokenResult With(ReceiptResponse what) => new(tokens, status) { receipt = what };
}
