using Microsoft.Extensions.Options;

namespace Symbolon.Client;

/// <summary>How a program uses its authority. Checked at start.</summary>
public sealed class SymbolonClientOptions
{
    /// <summary>The authority's address, such as <c>https://auth.example</c>. Required; https, or http to this machine.</summary>
    public Uri? Authority { get; set; }

    /// <summary>Where the authority's own endpoints stand. Default <c>/auth</c>.</summary>
    public string Path { get; set; } = "/auth";

    /// <summary>The client's id at the authority. Default: the authority's default client.</summary>
    public string? ClientId { get; set; }

    /// <summary>How long before its expiry a token is refreshed, but never more than a fifth of its life. Default 60 seconds; 0 to 1 hour.</summary>
    public TimeSpan RefreshAhead { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The share of it that is left to chance, so that many programs do not come at once. Default 0.25; 0 to 1.</summary>
    public double Jitter { get; set; } = 0.25;

    /// <summary>How long the authority may take to answer. Default 10 seconds; above 0, at most 5 minutes.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long to wait for another process that refreshes, before going on without its lock. Default 12 seconds; 0 to 5 minutes.</summary>
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromSeconds(12);

    /// <summary>The longest wait after the first failed refresh; it doubles with each, and the wait itself is left to chance. Default 500 milliseconds; above 0.</summary>
    public TimeSpan BackOffFirst { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait of all, unless <c>Retry-After</c> asks for more (up to an hour). Default 60 seconds; at most 1 hour.</summary>
    public TimeSpan BackOffLimit { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>What tells authorities apart: a token of one is never shown to another.</summary>
    internal string AuthoritysAddress => Address("").AbsoluteUri;

    /// <summary>An address below the authority's own endpoints.</summary>
    internal Uri Address(string path) => new(Authority!, $"{Authority!.AbsolutePath.TrimEnd('/')}/{Path.Trim('/')}{path}");
}

/// <summary>Checks the options; each message says what to write.</summary>
internal sealed class SymbolonClientOptionsValidation : IValidateOptions<SymbolonClientOptions>
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1), Minutes = TimeSpan.FromMinutes(5);

    public ValidateOptionsResult Validate(string? name, SymbolonClientOptions options)
    {
        var problems = Problems(options).Select(problem => $"Symbolon.Client: {problem}").ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Problems(SymbolonClientOptions o)
    {
        if (o.Authority is null) yield return "set Authority to the authority's address, for example https://auth.example.";
        else if (!o.Authority.IsAbsoluteUri || !IsSafe(o.Authority)) yield return "Authority must be an https address such as https://auth.example (http only to this machine).";
        else if (o.Authority.Query.Length > 0 || o.Authority.Fragment.Length > 0 || o.Authority.UserInfo.Length > 0) yield return "Authority must be an address without user, query and fragment.";
        if (o.Path is null || !o.Path.StartsWith('/') || o.Path.IndexOfAny(['?', '#']) >= 0) yield return "Path must begin with a slash, for example \"/auth\".";
        if (o.RefreshAhead < TimeSpan.Zero || o.RefreshAhead > Hour) yield return "RefreshAhead must be between 00:00:00 and 01:00:00; 00:01:00 is the default.";
        if (o.Jitter is not (>= 0 and <= 1)) yield return "Jitter must be between 0 and 1; 0.25 is the default.";
        if (o.RequestTimeout <= TimeSpan.Zero || o.RequestTimeout > Minutes) yield return "RequestTimeout must be above 00:00:00 and at most 00:05:00; 00:00:10 is the default.";
        if (o.LockTimeout < TimeSpan.Zero || o.LockTimeout > Minutes) yield return "LockTimeout must be between 00:00:00 and 00:05:00; 00:00:12 is the default.";
        if (o.BackOffFirst <= TimeSpan.Zero || o.BackOffFirst > o.BackOffLimit) yield return "BackOffFirst must be above 00:00:00 and at most BackOffLimit; 00:00:00.5 is the default.";
        if (o.BackOffLimit > Hour) yield return "BackOffLimit must be at most 01:00:00; 00:01:00 is the default.";
    }

    /// <summary>Whether a token may go there at all.</summary>
    public static bool IsSafe(Uri address) => address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);
}
