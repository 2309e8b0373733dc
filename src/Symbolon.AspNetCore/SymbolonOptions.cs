using Microsoft.AspNetCore.Authentication;
using Symbolon.Access;
using Symbolon.Jose;

namespace Symbolon.AspNetCore;

/// <summary>What the authentication scheme accepts.</summary>
public sealed class SymbolonOptions : AuthenticationSchemeOptions
{
    private AccessTokenPolicy? policy;

    /// <summary>The one issuer whose tokens count, compared exactly. Required.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>This service's own names; a token needs one of them in <c>aud</c>. Required.</summary>
    public IList<string> Audiences { get; } = [];

    /// <summary>Accepted algorithms. Default: ES256, ES384, RS256, PS256.</summary>
    public IList<JwsAlgorithm> Algorithms { get; } = [JwsAlgorithm.ES256, JwsAlgorithm.ES384, JwsAlgorithm.RS256, JwsAlgorithm.PS256];

    /// <summary>How far the clocks of issuer and this service may be apart. Default: 30 seconds.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest life a token may have, from <c>iat</c> to <c>exp</c>. Default: 1 hour.</summary>
    public TimeSpan MaxTokenAge { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Hooks.</summary>
    public new SymbolonEvents Events
    {
        get => (SymbolonEvents)base.Events!;
        set => base.Events = value;
    }

    internal AccessTokenPolicy Policy => policy ??= new AccessTokenPolicy
    {
        Issuer = Issuer,
        Audiences = [.. Audiences],
        Algorithms = [.. Algorithms],
        ClockSkew = ClockSkew,
        MaxTokenAge = MaxTokenAge,
    };

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        if (Issuer.Length == 0) throw new InvalidOperationException("Set SymbolonOptions.Issuer to the authority's issuer, for example https://auth.example.");
        if (Audiences.Count == 0) throw new InvalidOperationException("Add this service's name to SymbolonOptions.Audiences, for example \"api\".");
    }
}
