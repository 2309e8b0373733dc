using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Symbolon.Access;

namespace Symbolon.AspNetCore;

/// <summary>Hooks of the authentication scheme.</summary>
public class SymbolonEvents
{
    private static readonly Func<TokenVerifiedContext, Task> Nothing = _ => Task.CompletedTask;

    /// <summary>Called when a token has passed every check; may add claims to the principal.</summary>
    public Func<TokenVerifiedContext, Task> OnTokenVerified { get; set; } = Nothing;

    /// <summary>Nobody listens: then nothing is prepared for it either.</summary>
    internal bool IsSilent => ReferenceEquals(OnTokenVerified, Nothing) && GetType() == typeof(SymbolonEvents);

    /// <summary>Calls <see cref="OnTokenVerified"/>.</summary>
    public virtual Task TokenVerified(TokenVerifiedContext context) => OnTokenVerified(context);
}

/// <summary>A token that has passed every check.</summary>
public sealed class TokenVerifiedContext(HttpContext context, AuthenticationScheme scheme, SymbolonOptions options, AccessTokenClaims claims, ClaimsPrincipal principal)
    : BaseContext<SymbolonOptions>(context, scheme, options)
{
    /// <summary>What the token says.</summary>
    public AccessTokenClaims Claims { get; } = claims;

    /// <summary>The principal of the request; claims may be added to it.</summary>
    public ClaimsPrincipal Principal { get; } = principal;
}
