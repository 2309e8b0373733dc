using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Symbolon.AspNetCore.Remote;
using Symbolon.Jose;

namespace Symbolon.AspNetCore;

/// <summary>Checks a scheme's options, at the application's start; each message says what to write.</summary>
internal sealed class SymbolonOptionsValidation(SymbolonSchemes schemes, IHostEnvironment? environment = null) : IValidateOptions<SymbolonOptions>
{
    public ValidateOptionsResult Validate(string? name, SymbolonOptions options)
    {
        if (name is null || !schemes.Has(name)) return ValidateOptionsResult.Skip;
        var problems = Common(options).Concat(options.Sources is null ? Remote(options) : []).Select(problem => $"Authentication:Schemes:{name}: {problem}").ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Common(SymbolonOptions options)
    {
        if (options.Issuer.Length == 0 && options.Authority is null) yield return "set Authority to the authority's address, for example https://auth.example.";
        if (options.Audience is null or "" && options.Audiences.Count == 0) yield return "set Audience to this service's name, for example \"api\".";
        if (options.Algorithms.Count == 0) yield return "Algorithms is empty; leave it out for ES256, ES384, RS256 and PS256.";
        if (options.ClockSkew < TimeSpan.Zero || options.ClockSkew > TimeSpan.FromMinutes(10)) yield return "ClockSkew must be between 00:00:00 and 00:10:00.";
        if (options.MaxTokenAge <= TimeSpan.Zero || options.MaxTokenAge > TimeSpan.FromDays(366)) yield return "MaxTokenAge must be above 00:00:00 and at most 366.00:00:00.";
        if (options.MaxStaleness <= TimeSpan.Zero || options.MaxStaleness > TimeSpan.FromDays(1)) yield return "MaxStaleness must be above 00:00:00 and at most 1.00:00:00; 00:00:05 is the default.";
        if (options.RememberedTokens is < 0 or > 1 << 24) yield return "RememberedTokens must be between 0 and 16777216.";
        if (!Enum.IsDefined(options.Mode)) yield return "Mode must be Revocable, Live or Offline.";
        if (!Enum.IsDefined(options.WhenStale)) yield return "WhenStale must be Deny, Ask or Allow.";
    }

    private IEnumerable<string> Remote(SymbolonOptions options)
    {
        var allowsHttp = environment?.IsDevelopment() == true;
        if (options.Authority is { } authority && (!Uri.TryCreate(authority, UriKind.Absolute, out var root) || root.Query.Length > 0 || root.Fragment.Length > 0 || !RemoteAddress.IsAllowed(root, allowsHttp)))
            yield return "Authority must be an https address such as https://auth.example (http only to this machine, or in Development).";
        if (options.Authority is null) yield return "set Authority to the authority's address, for example https://auth.example.";
        foreach (var (key, address) in new[] { ("JwksUri", options.JwksUri), ("RevocationUri", options.RevocationUri), ("TokenUri", options.TokenUri), ("IntrospectionUri", options.IntrospectionUri) })
        {
            if (address is not null && !RemoteAddress.IsAllowed(address, allowsHttp)) yield return $"{key} must be an https address (http only to this machine, or in Development).";
        }

        if (options.Algorithms.Contains(JwsAlgorithm.HS256)) yield return "Algorithms must not have HS256: a secret key cannot be published.";
        if (!options.IsOffline && (options.ClientId is null or "" || options.ClientSecret is null or ""))
            yield return "set ClientId and ClientSecret to this service's credential at the authority (a client whose scopes include 'revocations'); without one it cannot learn of log-outs. To go by expiry alone, set Mode to Offline.";
        if (InitialProblem(options) is { } problem) yield return $"InitialJwks: {problem}";
    }

    private static string? InitialProblem(SymbolonOptions options)
    {
        try
        {
            if (options.InitialJwks is { } initial) JwksSource.Read(initial, options.DeriveKeyAlgorithms);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }
}
