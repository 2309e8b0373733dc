using Symbolon.Client.Authority;

namespace Symbolon.Client.Sessions;

/// <summary>What is asked of the authority on a user's wish, and how its refusals are told.</summary>
internal static class SignIns
{
    /// <summary>The tokens of a new session.</summary>
    public static async Task<TokenResponse> TokensAsync(AuthorityHttp authority, LoginRequest request, CancellationToken ct)
    {
        var answer = await authority.SignInAsync(request, ct).ConfigureAwait(false);
        // An authority may make accounts without signing them in.
        if (answer is AuthorityAnswer.Done && request is RegisterRequest)
            answer = await authority.SignInAsync(new LoginRequest(request.Username, request.Password) { Device = request.Device, Remember = request.Remember }, ct).ConfigureAwait(false);
        return answer switch
        {
            AuthorityAnswer.Tokens tokens => tokens.Response,
            AuthorityAnswer.Refused { Status: < 500 } refused => throw new LoginRefusedException(refused.Status, refused.Code, refused.Detail, refused.RetryAfter),
            AuthorityAnswer.Refused refused => throw refused.Failure.ToException(),
            AuthorityAnswer.Failed failed => throw failed.Failure.ToException(),
            _ => throw new NotSymbolonException("The authority's address answers a log-in without tokens: that is not Symbolon. Check the Authority's address and Path."),
        };
    }

    /// <summary>Ends the user's other sessions, or all.</summary>
    /// <returns>Why not, if they were not ended.</returns>
    public static async Task<Failure?> EndOthersAsync(AuthorityHttp authority, NamedSession session, LogoutScope scope, CancellationToken ct)
    {
        try
        {
            for (var isLast = false; ; isLast = true)
            {
                if (await session.GetTokenAsync(ct: ct).ConfigureAwait(false) is not { } token) return new Failure("Nobody is signed in: other sessions were not ended.");
                switch (await authority.EndSessionsAsync(scope, token.Value, ct).ConfigureAwait(false))
                {
                    case AuthorityAnswer.Done:
                        return null;
                    case AuthorityAnswer.Refused { Status: 401 } when !isLast:
                        await session.RefreshAsync(token.Version, ct).ConfigureAwait(false);
                        break;
                    case AuthorityAnswer.Refused refused:
                        return new Failure($"Other sessions were not ended: {refused.Code}.", RetryAfter: refused.RetryAfter);
                    case AuthorityAnswer.Failed failed:
                        return failed.Failure;
                    default:
                        return new Failure("Other sessions were not ended.");
                }
            }
        }
        catch (SignedOutException e)
        {
            return new Failure($"Other sessions were not ended: this one is over ({e.Code}).");
        }
        catch (Exception e) when (e is SymbolonUnavailableException or TokenStoreException)
        {
            return Failure.Of(e);
        }
    }
}
